//! A cookie jar, as far as a user of this system needs one: name and value. As in browsers (RFC 6265), ports make no
//! difference; there is one host, so domains and paths make none either.

/// The cookies of one user.
#[derive(Debug, Default)]
pub(super) struct Jar {
    cookies: Vec<(Box<str>, Box<str>)>,
}

/// How many cookies a jar holds; RFC 6265 asks for at least 50 for each domain. Further ones are ignored.
const MOST: usize = 50;
/// The longest `Set-Cookie` that is taken; RFC 6265 asks for at least 4096 bytes, a token with items in it needs more.
const LONGEST: usize = 64 << 10;

impl Jar {
    /// Takes the value of a `Set-Cookie` header. `Max-Age` of zero or less deletes the cookie.
    pub(super) fn set(&mut self, header: &str) {
        if header.len() > LONGEST {
            return;
        }
        let mut parts = header.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return;
        }
        let expired = parts.filter_map(|attribute| attribute.split_once('=')).any(|(key, age)| {
            key.trim().eq_ignore_ascii_case("max-age") && age.trim().parse::<i64>().is_ok_and(|age| age <= 0)
        });
        let known = self.cookies.iter().position(|(known, _)| known.as_ref() == name);
        match (known, expired) {
            (Some(at), true) => drop(self.cookies.remove(at)),
            (Some(at), false) => self.cookies[at].1 = value.into(),
            (None, true) => {}
            (None, false) if self.cookies.len() < MOST => self.cookies.push((name.into(), value.into())),
            (None, false) => {}
        }
    }

    /// Drops a cookie.
    pub(super) fn remove(&mut self, name: &str) {
        self.cookies.retain(|(known, _)| known.as_ref() != name);
    }

    /// The value of the `Cookie` header; `None` without cookies.
    pub(super) fn header(&self) -> Option<String> {
        if self.cookies.is_empty() {
            return None;
        }
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_replaced_and_deleted() {
        let mut jar = Jar::default();
        assert_eq!(jar.header(), None);
        jar.set("brownout-session=abc; Path=/; HttpOnly; SameSite=Lax");
        jar.set("brownout-gate-shop=shop.2#1; Path=/");
        jar.set("brownout-session=def=; Path=/");
        assert_eq!(jar.header().unwrap(), "brownout-session=def=; brownout-gate-shop=shop.2#1");
        jar.set("brownout-session=; Path=/; Max-Age=0");
        assert_eq!(jar.header().unwrap(), "brownout-gate-shop=shop.2#1");
        jar.remove("brownout-gate-shop");
        assert_eq!(jar.header(), None);
    }

    #[test]
    fn rubbish_is_ignored() {
        let mut jar = Jar::default();
        for header in ["", ";", "=x", "no-value", " ; Max-Age=0"] {
            jar.set(header);
        }
        (0..1_000).for_each(|n| jar.set(&format!("c{n}=x")));
        assert_eq!(jar.cookies.len(), MOST);
    }
}
