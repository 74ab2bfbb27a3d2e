//! Setting a role's setting to a value that is no text, such as a list: nothing is written and read in between.

use super::{CACHE, DATABASE, Field, GATEWAY, PROGRAM, Refusal, SERVICE, USERS, Value, find};
use crate::topology::{Problem, Role};

impl Value {
    /// Gives a role's setting this value.
    ///
    /// # Errors
    /// When the role has no such setting, or the value is not one for it; the path is the key.
    pub fn put(&self, role: &mut Role, key: &str) -> Result<(), Problem> {
        match role {
            Role::Users(users) => self.put_in(users, USERS, key),
            Role::Gateway(gateway) => self.put_in(gateway, GATEWAY, key),
            Role::Service(service) => self.put_in(service, SERVICE, key),
            Role::Cache(cache) => self.put_in(cache, CACHE, key),
            Role::Database(database) => self.put_in(database, DATABASE, key),
            Role::Program(program) => self.put_in(program, PROGRAM, key),
        }
    }

    fn put_in<T>(&self, owner: &mut T, fields: &[Field<T>], key: &str) -> Result<(), Problem> {
        let field = find(fields, key).ok_or_else(|| Problem::error(key, format!("there is no setting {key:?}")))?;
        (field.set)(owner, self)
            .map_err(|Refusal { message, advice, .. }| Problem::error(key, format!("{key}: {message}")).advise(advice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Program;

    #[test]
    fn a_list_is_set_as_it_is() {
        let mut role = Role::Program(Program::default());
        let list = |texts: &[&str]| Value::List(texts.iter().map(|&text| Value::Text(text.to_owned())).collect());
        list(&["sh", "-c", "a, b"]).put(&mut role, "command").unwrap();
        list(&["cart"]).put(&mut role, "modules").unwrap();
        assert!(list(&["No Module"]).put(&mut role, "modules").is_err());
        assert!(list(&[]).put(&mut role, "sessions").is_err());
        let Role::Program(program) = role else { panic!("it is another role") };
        assert_eq!(program.command, ["sh", "-c", "a, b"]);
        assert_eq!(program.modules.len(), 1);
    }
}
