//! Undo as a property of everything that a hand can do on the canvas: any gestures, undone, give the first file byte for
//! byte, and redone the last; and after each the file can be saved and read back.

use std::collections::{BTreeMap, BTreeSet};

use brownout::topology::edit::{self, Axis, Edge, End, History, Item, Parting, Rectangle, Step};
use brownout::topology::format::{read, read_lenient};
use brownout::topology::validate::validate;
use brownout::topology::{Node, NodeId, Preset, Program, Role, RoleKind, builtin};
use proptest::prelude::*;

/// How many kinds of movement there are.
const KINDS: u8 = 27;

/// A hand's movement: what it does, to which things, and where.
#[derive(Debug, Clone)]
struct Gesture {
    kind: u8,
    first: usize,
    second: usize,
    at: [f32; 2],
    flag: bool,
}

fn gesture() -> impl Strategy<Value = Gesture> {
    (0u8..KINDS, 0usize..64, 0usize..64, (-2000i16..2000, -2000i16..2000), any::<bool>()).prop_map(
        |(kind, first, second, (x, y), flag)| {
            let at = [f32::from(x) / 4.0, f32::from(y) / 4.0];
            Gesture { kind, first, second, at, flag }
        },
    )
}

/// What there is to take hold of.
struct Drawing<'a> {
    preset: &'a Preset,
    nodes: Vec<NodeId>,
    items: Vec<Item>,
    rectangles: BTreeMap<NodeId, Rectangle>,
}

impl<'a> Drawing<'a> {
    fn of(preset: &'a Preset) -> Self {
        let nodes: Vec<NodeId> = preset.topology.nodes().map(|node| node.id.clone()).collect();
        let mut items: Vec<Item> = nodes.iter().cloned().map(Item::Node).collect();
        items.extend(preset.topology.links().map(|link| Item::Link(link.id())));
        items.extend(preset.marks.groups.iter().map(|group| Item::Group(group.id.clone())));
        items.extend(preset.marks.notes.iter().map(|note| Item::Note(note.id.clone())));
        let place = |(index, id): (usize, &NodeId)| {
            let at = preset.layout.get(id).copied().unwrap_or([index as f32 * 90.5, 20.0]);
            (id.clone(), Rectangle { at, size: [200.0, 120.0] })
        };
        let rectangles = nodes.iter().enumerate().map(place).collect();
        Self { preset, nodes, items, rectangles }
    }

    fn node(&self, index: usize) -> Option<&NodeId> {
        self.nodes.get(index % self.nodes.len().max(1))
    }

    /// Two items, or one.
    fn some(&self, gesture: &Gesture) -> BTreeSet<Item> {
        let item = |index: usize| self.items.get(index % self.items.len().max(1)).cloned();
        [item(gesture.first), item(gesture.second)].into_iter().flatten().collect()
    }

    fn some_nodes(&self, gesture: &Gesture) -> BTreeSet<NodeId> {
        [self.node(gesture.first), self.node(gesture.second)].into_iter().flatten().cloned().collect()
    }

    fn places(&self) -> BTreeMap<NodeId, [f32; 2]> {
        self.rectangles.iter().map(|(id, rectangle)| (id.clone(), rectangle.at)).collect()
    }

    /// What comes of a gesture; `None` where it is refused or there is nothing to take hold of.
    fn step(&self, gesture: &Gesture) -> Option<Step> {
        if gesture.kind < 12 { self.draw(gesture) } else { self.arrange(gesture) }
    }

    /// Gestures that change what there is.
    fn draw(&self, gesture: &Gesture) -> Option<Step> {
        let &Gesture { first, second, at, flag, .. } = gesture;
        let preset = self.preset;
        let kind = RoleKind::ALL[second % RoleKind::ALL.len()];
        let link = || preset.topology.links().nth(first % self.nodes.len().max(1)).map(|link| link.id());
        match gesture.kind {
            0 => Some(edit::add_node(preset, RoleKind::ALL[first % RoleKind::ALL.len()], at).1),
            1 => edit::connect(preset, self.node(first)?, self.node(second)?).ok(),
            2 => {
                let end = if flag { End::From } else { End::To };
                edit::reattach(preset, &link()?, end, self.node(second)?).ok()
            }
            3 => edit::connect_to_new(preset, self.node(first)?, flag, kind, at).ok().map(|(_, step)| step),
            4 => edit::insert_on_link(preset, &link()?, kind, at).ok().map(|(_, step)| step),
            5 => Some(edit::remove(preset, &self.some(gesture), flag)),
            6 => edit::rename(preset, self.node(first)?, ["shop", "till", "gone", "a-2"][second % 4]).ok(),
            7 => {
                let text = edit::copy(preset, &self.some(gesture), &self.places());
                edit::paste(preset, &text, at).ok().map(|(step, _)| step)
            }
            8 => Some(edit::duplicate(preset, &self.some(gesture), at, &self.places()).0),
            9 | 10 => {
                let problems = validate(preset);
                let fixes = edit::fixes(preset, problems.get(first % problems.len().max(1))?);
                fixes.get(second % fixes.len().max(1)).map(|fix| fix.step.clone())
            }
            _ => {
                let whole = builtin::all();
                edit::paste(preset, whole[first % whole.len()].text, at).ok().map(|(step, _)| step)
            }
        }
    }

    /// Gestures that change where things are, and what is written about them.
    fn arrange(&self, gesture: &Gesture) -> Option<Step> {
        let &Gesture { first, second, at, flag, .. } = gesture;
        let preset = self.preset;
        let rectangles =
            || self.rectangles.iter().map(|(id, rectangle)| (Item::Node(id.clone()), *rectangle)).collect();
        let group = || preset.marks.groups.get(first % preset.marks.groups.len().max(1)).map(|group| &group.id);
        let text = ["", "Back", "two\nlines", "\"quoted\" \\ \u{1F6D2}", "\ttab\r\nend"][second % 5];
        match gesture.kind {
            12 => Some(edit::translate(preset, &self.some(gesture), at, &self.places())),
            13 | 14 => {
                let places = self.some(gesture).into_iter().map(|item| (item, at)).collect();
                Some(edit::place_items(preset, "move", &places))
            }
            15 => Some(edit::align(preset, &rectangles(), Edge::ALL[first % 6])),
            16 => Some(edit::distribute(preset, &rectangles(), if flag { Axis::Across } else { Axis::Down })),
            17 | 18 => edit::group(preset, &self.some_nodes(gesture), text).ok().map(|(_, step)| step),
            19 => Some(edit::ungroup(preset, &[group()?.clone()].into())),
            20 => edit::retitle(preset, group()?, text).ok(),
            21 => Some(edit::add_note(preset, at, text).1),
            22 => {
                let note = preset.marks.notes.get(first % preset.marks.notes.len().max(1))?;
                edit::set_note_text(preset, &note.id, text).ok()
            }
            23 => Some(edit::pin(preset, &self.some_nodes(gesture), flag, &self.places())),
            24 => edit::replace_by_program(preset, self.node(first)?, self.node(second)?).ok(),
            kind => {
                let modules = &preset.topology.modules;
                let module = &modules.get(first % modules.len().max(1))?.name;
                let parting = if flag { Parting::Shared } else { Parting::Split };
                let moved = || edit::move_module(preset, module, self.node(second)?, parting).ok();
                if kind == 25 { edit::extract(preset, module, at, parting).ok().map(|(_, step)| step) } else { moved() }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_gestures_undone_give_the_first_file_byte_for_byte_and_redone_the_last(
        which in 0..=builtin::all().len(),
        gestures in proptest::collection::vec(gesture(), 1..14),
        windows in any::<bool>(),
    ) {
        let text = builtin::all().get(which).map_or("format = 1 # new\n", |preset| preset.text);
        let text = text.replace('\n', if windows { "\r\n" } else { "\n" });
        let document = read(&text).unwrap();
        let mut preset = document.preset().clone();
        let mut history = History::default();
        for gesture in &gestures {
            let Some(step) = Drawing::of(&preset).step(gesture) else { continue };
            let told = format!("{gesture:?}: {step:#?}");
            // What a builder gives can be done.
            prop_assert!(history.apply(&mut preset, step).is_ok(), "{}", told);
            let saved = document.text(&preset);
            let again = read(&saved).map_err(|problems| TestCaseError::fail(format!("{told}\n{problems:?}\n{saved}")))?;
            prop_assert_eq!(again.preset(), &preset, "{}\n{}", told, saved);
        }
        let last = document.text(&preset);
        while history.undo(&mut preset).is_some() {}
        prop_assert_eq!(document.text(&preset), text);
        while history.redo(&mut preset).is_some() {}
        prop_assert_eq!(document.text(&preset), last);
        // And undone from there once more, as somebody does who goes back and forth.
        while history.undo(&mut preset).is_some() {}
        prop_assert_eq!(&preset, document.preset());
    }
}

#[test]
fn what_is_copied_of_every_lesson_is_a_part_of_a_file() {
    for builtin in builtin::all() {
        let preset = read(builtin.text).unwrap().into_preset();
        let drawing = Drawing::of(&preset);
        let all: BTreeSet<Item> = drawing.items.iter().cloned().collect();
        let text = edit::copy(&preset, &all, &drawing.places());
        let part = read_lenient(&format!("format = 1\n{text}")).unwrap();
        assert_eq!(part.preset().topology, preset.topology, "{}", builtin.name);
    }
}

#[test]
fn a_hand_reaches_everything() {
    let mut preset = read(builtin::by_name("shared-session-store").unwrap().text).unwrap().into_preset();
    let mut history = History::default();
    let nodes = ["shop", "sessions"].map(|id| id.parse().unwrap()).into();
    let step = edit::group(&preset, &nodes, "Back").unwrap().1;
    history.apply(&mut preset, step).unwrap();
    let step = edit::add_note(&preset, [0.0, 0.0], "Here").1;
    history.apply(&mut preset, step).unwrap();
    let step = edit::remove(&preset, &[Item::Node("gate".parse().unwrap())].into(), true);
    history.apply(&mut preset, step).unwrap();
    let step = edit::add_node(&preset, RoleKind::Service, [0.0, 500.0]).1;
    history.apply(&mut preset, step).unwrap();
    let program = Program { command: vec!["shop".to_owned()], ..Program::default() };
    preset.topology.add_node(Node { id: "python".parse().unwrap(), role: Role::Program(program) }).unwrap();
    let drawing = Drawing::of(&preset);
    for kind in 0..KINDS {
        let all = (0..12).flat_map(|first| (0..12).map(move |second| (first, second, (first + second) % 2 == 0)));
        let mut gestures = all.map(|(first, second, flag)| Gesture { kind, first, second, at: [700.0, 30.0], flag });
        assert!(gestures.any(|gesture| drawing.step(&gesture).is_some_and(|step| !step.edits.is_empty())), "{kind}");
    }
}
