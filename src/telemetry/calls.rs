//! What calls from one process to another carry: bytes of requests and answers, by the operation that was asked for. A
//! call within a process carries nothing and is not in these books; nor is what users send, who are outside.

use std::collections::BTreeMap;

use crate::topology::{LinkId, NodeId};

use super::books::Books;

/// The most operations that a life tells apart for one callee. A program may ask for any path.
const MOST_OPERATIONS: usize = 128;
/// Under this name counts what is asked for beyond that.
const OTHERS: &str = "others";

/// The calls of one operation over one link that got an answer, of any status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallBooks {
    /// How many.
    pub answered: u64,
    /// Bytes of their requests, heads and bodies, as they were written to the connection.
    pub request_bytes: u64,
    /// Bytes of their answers, heads and bodies, as they were read from the connection.
    pub answer_bytes: u64,
}

impl CallBooks {
    /// Adds another's counts to these.
    fn add(&mut self, other: &Self) {
        self.answered += other.answered;
        self.request_bytes += other.request_bytes;
        self.answer_bytes += other.answer_bytes;
    }
}

/// The calls of one life, by callee and operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls(BTreeMap<NodeId, BTreeMap<String, CallBooks>>);

impl Calls {
    /// Enters a call that was answered: bytes written and read.
    pub fn answered(&mut self, to: &NodeId, operation: &str, request_bytes: u64, answer_bytes: u64) {
        let call = CallBooks { answered: 1, request_bytes, answer_bytes };
        if let Some(books) = self.0.get_mut(to).and_then(|operations| operations.get_mut(operation)) {
            books.add(&call);
            return;
        }
        let operations = self.0.entry(to.clone()).or_default();
        let name = if operations.len() < MOST_OPERATIONS { operation } else { OTHERS };
        operations.entry(name.to_owned()).or_default().add(&call);
    }

    /// The books of one operation, to be filled in.
    pub fn books_mut(&mut self, to: NodeId, operation: &str) -> &mut CallBooks {
        self.0.entry(to).or_default().entry(operation.to_owned()).or_default()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&NodeId, &str, &CallBooks)> {
        self.0.iter().flat_map(|(to, operations)| {
            operations.iter().map(move |(operation, books)| (to, operation.as_str(), books))
        })
    }
}

impl Books {
    /// The calls over each link by operation, over all lives that reported.
    pub fn calls(&self) -> BTreeMap<(String, LinkId), CallBooks> {
        let mut sums: BTreeMap<(String, LinkId), CallBooks> = BTreeMap::new();
        for (life, totals) in self.lives() {
            for (to, operation, books) in totals.calls.iter() {
                let link = LinkId { from: life.node().clone(), to: to.clone() };
                sums.entry((operation.to_owned(), link)).or_default().add(books);
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_operations_as_one_likes_stay_within_bounds_and_none_is_lost() {
        let mut calls = Calls::default();
        let to: NodeId = "shop".parse().unwrap();
        for number in 0..1_000 {
            calls.answered(&to, &format!("any.path-{number}"), 10, 1);
        }
        calls.answered(&to, "any.path-0", 10, 1);
        assert!(calls.iter().count() <= MOST_OPERATIONS + 1);
        assert_eq!(calls.iter().map(|(_, _, books)| books.request_bytes).sum::<u64>(), 10_010);
        let first = calls.iter().find(|(_, operation, _)| *operation == "any.path-0").unwrap().2;
        assert_eq!(*first, CallBooks { answered: 2, request_bytes: 20, answer_bytes: 2 });
    }
}
