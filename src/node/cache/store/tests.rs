//! Laws and cases of the keyspace.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn key(name: &str) -> Bytes {
    Bytes::copy_from_slice(name.as_bytes())
}

fn with_string(name: &str, lifetime: Lifetime) -> Database {
    let mut database = Database::default();
    database.put(&key(name), Value::String(key("value")), lifetime, 0);
    database
}

fn add(database: &mut Database, name: &str, member: &str, now: UnixMs) {
    let added = database.edit(&key(name), now, |set: &mut Set| {
        set.insert(key(member));
        Ok::<_, WrongType>(Edit::Changed(()))
    });
    assert_eq!(added, Ok(()));
}

#[test]
fn a_key_is_gone_from_the_moment_at_which_it_expires() {
    let mut database = with_string("a", Lifetime::Until(100));
    assert!(database.get(b"a", 99).is_some());
    assert!(database.get(b"a", 100).is_none());
    assert_eq!(database.sizes(), (0, 0));
}

#[test]
fn keys_that_nobody_asks_for_expire_too_a_few_at_a_time() {
    let mut database = Database::default();
    for number in 0..10 {
        database.put(&key(&number.to_string()), Value::String(Bytes::new()), Lifetime::Until(number), 0);
    }
    assert_eq!(database.drop_all_expired(6, 4), 4);
    assert_eq!(database.drop_all_expired(6, 4), 3);
    assert_eq!(database.sizes(), (3, 3));
}

#[test]
fn writing_over_a_key_keeps_its_lifetime_only_when_told_to() {
    for (lifetime, expires) in [(Lifetime::Kept, Some(100)), (Lifetime::Forever, None), (Lifetime::Until(7), Some(7))] {
        let mut database = with_string("a", Lifetime::Until(100));
        database.put(&key("a"), Value::String(Bytes::new()), lifetime, 1);
        assert_eq!(database.expires(b"a", 1), Some(expires), "{lifetime:?}");
    }
}

#[test]
fn a_collection_goes_with_its_last_element() {
    let mut database = Database::default();
    add(&mut database, "set", "member", 0);
    let emptied = database.edit(&key("set"), 0, |set: &mut Set| {
        set.clear();
        Ok::<_, WrongType>(Edit::Changed(()))
    });
    assert_eq!(emptied, Ok(()));
    assert_eq!((database.get(b"set", 0), database.sizes()), (None, (0, 0)));
}

#[test]
fn a_key_of_another_type_is_left_alone() {
    let mut database = with_string("a", Lifetime::Forever);
    assert_eq!(database.read::<Hash>(b"a", 0), Err(WrongType));
    let edited = database.edit(&key("a"), 0, |_: &mut Hash| Ok::<_, WrongType>(Edit::Changed(())));
    assert_eq!(edited, Err(WrongType));
}

#[test]
fn a_watch_notices_every_change_and_nothing_else() {
    type Change = fn(&mut Database);
    let changes: [(&str, bool, Change); 7] = [
        ("written", true, |db| db.put(&key("a"), Value::String(Bytes::new()), Lifetime::Forever, 1)),
        ("removed", true, |db| assert!(db.remove(b"a", 1).is_some())),
        ("persisted", true, |db| assert!(db.expire(&key("a"), None, 1))),
        ("cleared", true, Database::clear),
        ("expired", true, |db| assert!(db.get(b"a", 100).is_none())),
        ("read", false, |db| assert!(db.get(b"a", 1).is_some())),
        ("another written", false, |db| db.put(&key("b"), Value::String(Bytes::new()), Lifetime::Forever, 1)),
    ];
    for (name, noticed, change) in changes {
        let mut database = with_string("a", Lifetime::Until(100));
        let version = database.watch(&key("a"), 0);
        change(&mut database);
        assert_eq!(database.is_untouched(b"a", version, 1), !noticed, "{name}");
    }
}

#[test]
fn a_watch_notices_a_key_that_came_and_went() {
    let mut database = Database::default();
    let version = database.watch(&key("a"), 0);
    add(&mut database, "a", "member", 0);
    database.remove(b"a", 0);
    assert!(!database.is_untouched(b"a", version, 0));
    database.unwatch(b"a");
    assert!(database.watched.is_empty());
}

proptest! {
    /// The guarantee of `SCAN`: what is there from the first call to the last comes out exactly once.
    #[test]
    fn a_scan_sees_what_stays_once(
        stay in 1..60u32,
        count in 1..10usize,
        churn in vec((any::<bool>(), 0..40u32), 0..60),
    ) {
        let mut database = Database::default();
        for number in 0..stay {
            add(&mut database, &format!("stays{number}"), "member", 0);
        }
        let (mut cursor, mut seen, mut churn) = (0, Vec::new(), churn.into_iter());
        loop {
            let (next, keys) = database.scan(cursor, count, 0);
            seen.extend(keys.into_iter().map(|(key, _)| key.clone()).filter(|key| key.starts_with(b"stays")));
            for (comes, number) in churn.by_ref().take(3) {
                if comes {
                    add(&mut database, &format!("comes{number}"), "member", 0);
                } else {
                    database.remove(format!("comes{number}").as_bytes(), 0);
                }
            }
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
        seen.sort_unstable();
        let mut expected: Vec<_> = (0..stay).map(|number| key(&format!("stays{number}"))).collect();
        expected.sort_unstable();
        prop_assert_eq!(seen, expected);
    }

    /// The order of keys and the list of deadlines agree with the entries, whatever happened.
    #[test]
    fn the_indexes_agree_with_the_entries(steps in vec((0..5u8, 0..4u64, 0..8u64), 0..60)) {
        let mut database = Database::default();
        for (now, (act, name, at)) in (0..).zip(steps) {
            let name = key(&name.to_string());
            match act {
                0 => database.put(&name, Value::String(Bytes::new()), Lifetime::Until(now + at), now),
                1 => database.put(&name, Value::String(Bytes::new()), Lifetime::Kept, now),
                2 => drop(database.remove(&name, now)),
                3 => drop(database.expire(&name, Some(now + at), now)),
                _ => drop(database.drop_all_expired(now, 2)),
            }
            prop_assert_eq!(database.places.len(), database.entries.len());
            let expiring = database.entries.values().filter(|entry| entry.expires.is_some()).count();
            prop_assert_eq!(database.deadlines.len(), expiring);
        }
    }
}
