//! The way of a request, hop by hop, in the order in which it went.

use crate::scene::timeline::Tree;
use crate::telemetry::{Outcome, Span, SpanKind};
use crate::topology::LifeId;

/// One attempt over one link, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// How many hops led to it: 0 for the user's own.
    pub depth: u32,
    /// Who asked.
    pub from: LifeId,
    /// Who was asked: the life where it is known, else the node.
    pub to: String,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// From asking to the answer, in microseconds.
    pub took_us: u64,
    /// Of that, the time in the process that was asked; `None` where it has not told, as the dead do not.
    pub inside_us: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
}

/// The hops of a request.
pub fn hops(tree: &Tree) -> Vec<Hop> {
    let mut hops = Vec::new();
    // Last in, first out: the last of the children first, so that the first comes out first.
    let mut open: Vec<(&Span, u32)> = vec![(&tree.root, 0)];
    while let Some((span, depth)) = open.pop() {
        // A program tells of a request, and its keeper of the same one: that is one hop, and the keeper's knows more.
        let again = |child: &Span| child.kind == SpanKind::Client && child.life == span.life;
        let told_twice = span.kind == SpanKind::Client && tree.children(span).iter().any(again);
        let below = if span.kind == SpanKind::Client && !told_twice {
            hops.push(hop(tree, span, depth));
            depth + 1
        } else {
            depth
        };
        open.extend(tree.children(span).iter().rev().map(|child| (child, below)));
    }
    hops
}

fn hop(tree: &Tree, span: &Span, depth: u32) -> Hop {
    let served = tree.children(span).iter().find(|child| child.kind == SpanKind::Server);
    let peer = span.peer.as_ref().or(served.map(|served| &served.life));
    let node = || span.to.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    Hop {
        depth,
        from: span.life.clone(),
        to: peer.map_or_else(node, ToString::to_string),
        attempt: span.attempt.max(1),
        took_us: span.end_us.saturating_sub(span.start_us),
        inside_us: served.map(|served| served.end_us.saturating_sub(served.start_us)),
        outcome: span.outcome,
    }
}
