//! What a layered drawing needs to know of a graph: its connected parts, its links without cycles, and its layers.

/// The connected parts, each with its nodes in order, in the order of their first nodes.
pub(super) fn parts(nodes: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..nodes).collect();
    for &(from, to) in links {
        let (a, b) = (find(&mut root, from), find(&mut root, to));
        // The lower one stays, so that parts come in the order of their first nodes.
        root[a.max(b)] = a.min(b);
    }
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut part_of: Vec<Option<usize>> = vec![None; nodes];
    for node in 0..nodes {
        let root = find(&mut root, node);
        let part = *part_of[root].get_or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        parts[part].push(node);
    }
    parts
}

fn find(root: &mut [usize], mut node: usize) -> usize {
    while root[node] != node {
        // Path halving keeps the way short.
        root[node] = root[root[node]];
        node = root[node];
    }
    node
}

/// Where each node's links lead.
fn leading(nodes: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut leading = vec![Vec::new(); nodes];
    for &(from, to) in links {
        leading[from].push(to);
    }
    leading
}

/// The same links, with those turned around that close a cycle; each once. Walks from the first nodes on, so that what
/// is drawn first stands to the left.
pub(super) fn without_cycles(nodes: usize, links: &[(usize, usize)]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        UnderWay,
        Done,
    }
    let leading = leading(nodes, links);
    let mut arriving = vec![0usize; nodes];
    links.iter().for_each(|&(_, to)| arriving[to] += 1);
    let mut seen = vec![Seen::Not; nodes];
    let mut straight = Vec::with_capacity(links.len());
    // Nobody sends to these: they come first, whatever the order.
    let sources = (0..nodes).filter(|&node| arriving[node] == 0);
    for start in sources.chain(0..nodes) {
        if seen[start] != Seen::Not {
            continue;
        }
        seen[start] = Seen::UnderWay;
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(&to) = leading[node].get(*next) else {
                seen[node] = Seen::Done;
                path.pop();
                continue;
            };
            *next += 1;
            straight.push(if seen[to] == Seen::UnderWay { (to, node) } else { (node, to) });
            if seen[to] == Seen::Not {
                seen[to] = Seen::UnderWay;
                path.push((to, 0));
            }
        }
    }
    straight.retain(|(from, to)| from != to);
    straight.sort_unstable();
    straight.dedup();
    straight
}

/// The layer of each node: how many links lie on the longest way to it. The links must have no cycle.
pub(super) fn ranks(nodes: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let leading = leading(nodes, links);
    let mut arriving = vec![0usize; nodes];
    links.iter().for_each(|&(_, to)| arriving[to] += 1);
    let mut open: Vec<usize> = (0..nodes).filter(|&node| arriving[node] == 0).collect();
    let mut ranks = vec![0; nodes];
    while let Some(node) = open.pop() {
        for &to in &leading[node] {
            ranks[to] = ranks[to].max(ranks[node] + 1);
            arriving[to] -= 1;
            if arriving[to] == 0 {
                open.push(to);
            }
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_the_order_of_their_first_nodes() {
        assert_eq!(parts(6, &[(4, 1), (5, 0), (3, 1)]), [vec![0, 5], vec![1, 3, 4], vec![2]]);
    }

    #[test]
    fn a_cycle_is_cut_where_it_closes() {
        let straight = without_cycles(4, &[(0, 1), (1, 2), (2, 0), (2, 3), (1, 0)]);
        assert_eq!(straight, [(0, 1), (0, 2), (1, 2), (2, 3)]);
        assert_eq!(ranks(4, &straight), [0, 1, 2, 3]);
    }
}
