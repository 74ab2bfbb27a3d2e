//! Files that are well written and all wrong, as large as can be made on purpose: what is told of them stays readable, and
//! takes no longer than reading them.

use std::time::Instant;

use brownout::topology::format::read_lenient;
use brownout::topology::{Problem, Severity};

use super::{LONGEST, clear};

/// More is told of no file: of each kind of problem a hundred, and how many more there are.
const MOST_TOLD: usize = 1_000;

/// The longest line that one problem makes, in bytes.
const LONGEST_TOLD: usize = 2_000;

fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// What is wrong with a file, which must be told in few and short words.
fn told(name: &str, text: &str) -> Vec<Problem> {
    let begun = Instant::now();
    let document = read_lenient(text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let problems = document.check();
    assert!(begun.elapsed() < LONGEST, "{name}: {} bytes took {:?}", text.len(), begun.elapsed());
    clear(&problems, name);
    assert!(problems.len() <= MOST_TOLD, "{name}: {} problems", problems.len());
    let longest = problems.iter().map(|problem| problem.to_string().len()).max().unwrap();
    assert!(longest <= LONGEST_TOLD, "{name}: a problem of {longest} bytes");
    problems
}

/// Users who ask for these operations of a module that knows others.
fn asking(known: usize, asked: usize) -> String {
    let operations = each(known, |at| format!("{{ name = \"known-{at}\" }}, "));
    let journey = each(asked, |at| format!("\"m.asked-{at}\", "));
    format!(
        "[[module]]\nname = \"m\"\noperation = [{operations}]\n[[node]]\nid = \"u\"\nrole = \
         \"users\"\njourney = [{journey}]\n"
    )
}

#[test]
fn of_thousands_of_unknown_names_the_first_are_told_and_the_rest_counted() {
    let problems = told("operations", &format!("format = 1\n{}", asking(15_000, 15_000)));
    let unknown = problems.iter().filter(|problem| problem.message.starts_with("there is no operation"));
    assert_eq!(unknown.count(), 100);
    let rest = problems.iter().find(|problem| problem.message.contains("14900 more problems")).unwrap();
    assert_eq!((rest.severity, rest.path.as_str()), (Severity::Error, "node[0].journey[100]"));
    assert!(problems.is_sorted_by_key(|problem| problem.place), "the count stands behind what is told");
}

#[test]
fn calls_that_fan_out_without_end_are_judged_like_others() {
    let operation = |at: usize| {
        let call = format!("{{ call = \"m.a{}\", retries = 1 }}", at + 1);
        format!("[[module.operation]]\nname = \"a{at}\"\nsteps = [{call}, {call}]\n")
    };
    let fan = |depth: usize, last: &str| {
        let operations = each(depth, operation);
        format!(
            "format = 1\n[[module]]\nname = \"m\"\n{operations}[[module.operation]]\nname = \"a{depth}\"\nsteps = \
             [{last}]\n[[node]]\nid = \"u\"\nrole = \"users\"\njourney = [\"m.a0\", \"m.a1\"]\n"
        )
    };
    let no_login = |problem: &Problem| problem.message.contains("no operation of theirs creates one");
    let twice = |problem: &Problem| problem.message.contains("may run twice");
    for depth in [40, 5_000] {
        let problems = told("fan", &fan(depth, "{ wait = \"1ms\" }"));
        assert!(!problems.iter().any(|problem| no_login(problem) || twice(problem)), "{depth}");
        let problems = told("fan", &fan(depth, "{ session = \"append\" }"));
        assert!(problems.iter().any(no_login) && problems.iter().any(twice), "{depth}");
        assert!(!told("fan", &fan(depth, "{ session = \"create\" }")).iter().any(no_login), "{depth}");
    }
}

/// So many caches.
fn nodes(count: usize) -> String {
    each(count, |at| format!("[[node]]\nid = \"n{at}\"\nrole = \"cache\"\n"))
}

/// So many modules of one operation.
fn modules(count: usize) -> String {
    each(count, |at| format!("[[module]]\nname = \"m{at}\"\noperation = [{{ name = \"a\" }}]\n"))
}

/// So many names, one after the other.
fn named(count: usize, name: &str) -> String {
    each(count, |at| format!("\"{name}{at}\", "))
}

/// Files of mistakes in what is drawn and done to it.
fn drawn() -> Vec<(&'static str, String)> {
    vec![
        (
            "hosted modules",
            format!(
                "{}[[node]]\nid = \"s\"\nrole = \"service\"\nmodules = [{}]\n",
                modules(10_000),
                named(20_000, "x")
            ),
        ),
        (
            "homeless modules",
            format!(
                "{}[[node]]\nid = \"u\"\nrole = \"users\"\njourney = [{}]\n",
                modules(10_000),
                each(10_000, |at| format!("\"m{at}.a\", "))
            ),
        ),
        ("links", nodes(8_000) + &each(15_000, |at| format!("[[link]]\nfrom = \"n{at}\"\nto = \"x{at}\"\n"))),
        (
            "twins",
            nodes(8_000) + &each(10_000, |_| "[[node]]\nid = \"n0\"\nrole = \"service\"\nreplicas = 0\n".to_owned()),
        ),
        (
            "twins and others",
            each(8_000, |at| {
                format!(
                    "[[node]]\nid = \"n0\"\nrole = \"cache\"\n[[node]]\nid = \"s{at}\"\nrole = \"service\"\nreplicas = 0\n"
                )
            }),
        ),
        ("keys", each(60_000, |at| format!("key{at} = 1\n"))),
        (
            "scenario",
            nodes(8_000) + &each(12_000, |at| format!("[[scenario]]\nat = \"1s\"\ndo = \"kill\"\non = \"x{at}\"\n")),
        ),
        (
            "links in a scenario",
            nodes(9_000)
                + &each(9_000, |at| format!("[[link]]\nfrom = \"n0\"\nto = \"n{at}\"\n"))
                + &each(9_000, |at| format!("[[scenario]]\nat = \"1s\"\ndo = \"kill\"\non = \"x->n{at}\"\n")),
        ),
        (
            "expectations",
            asking(10_000, 1) + &each(10_000, |at| format!("[[expect]]\nmetric = \"requests.ok\"\nof = \"m.x{at}\"\n")),
        ),
        ("metrics", each(20_000, |at| format!("[[expect]]\nmetric = \"metric-{at}\"\n"))),
    ]
}

/// Files of mistakes in what is said of it.
fn said() -> Vec<(&'static str, String)> {
    vec![
        ("audits", each(10_000, |at| format!("[[audit]]\nname = \"a{at}\"\neach = \"m.x{at}\"\nhas = \"m.y{at}\"\n"))),
        ("layout", format!("{}[layout]\n{}", nodes(8_000), each(30_000, |at| format!("x{at} = [0, 0]\n")))),
        ("pins", format!("pinned = [{}]\n{}", named(50_000, "x"), nodes(8_000))),
        (
            "groups",
            nodes(8_000) + &each(8_000, |at| format!("[[group]]\nid = \"g{at}\"\nnodes = [\"x{at}\", \"n{at}\"]\n")),
        ),
        (
            "lesson",
            nodes(8_000) + &each(10_000, |at| format!("[[lesson.step]]\nsays = \"s\"\nuntil = \"kill x{at}\"\n")),
        ),
        (
            "settings in a lesson",
            nodes(8_000) + &each(10_000, |at| format!("[[lesson.step]]\nsays = \"s\"\nuntil = \"x{at}.users = 3\"\n")),
        ),
        (
            "circle",
            format!(
                "[[module]]\nname = \"m\"\n{}",
                each(10_000, |at| {
                    format!(
                        "[[module.operation]]\nname = \"a{at}\"\nsteps = [{{ call = \"m.a{}\" }}]\n",
                        (at + 1) % 10_000
                    )
                })
            ),
        ),
        ("one long name", format!("[[expect]]\nmetric = \"{}\"\n", "x".repeat(1 << 20))),
        (
            "one long line",
            format!(
                "node = [{}]\n",
                each(20_000, |at| format!("{{ id = \"s{at}\", role = \"service\", replicas = 0 }}, "))
            ),
        ),
    ]
}

#[test]
fn large_files_of_nothing_but_mistakes_are_told_of_in_few_words() {
    for (name, text) in drawn().into_iter().chain(said()) {
        told(name, &format!("format = 1\n{text}"));
    }
}
