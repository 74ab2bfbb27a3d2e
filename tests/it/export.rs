//! Pictures and pages without a display, by the built program.

use std::fs;
use std::process::Output;

use gif::{DecodeOptions, Repeat};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::Document;

use crate::support::program::{brownout, brownout_with_input, printed};

/// What the program wrote to standard output, when all went well.
fn written(arguments: &[&str]) -> Vec<u8> {
    let output = brownout(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    output.stdout
}

fn text(arguments: &[&str]) -> String {
    String::from_utf8(written(arguments)).unwrap()
}

/// How many different colours a picture has.
fn colours(picture: &Pixmap) -> usize {
    let pixels = picture.pixels().iter().map(|pixel| (pixel.red(), pixel.green(), pixel.blue()));
    pixels.collect::<std::collections::BTreeSet<_>>().len()
}

fn complaint(output: &Output, code: i32, words: &[&str]) {
    assert_eq!(output.status.code(), Some(code), "{}", printed(output));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(words.iter().all(|word| text.contains(word)), "{words:?}: {text}");
    assert!(output.stdout.is_empty(), "{}", printed(output));
}

#[test]
fn every_preset_is_a_well_formed_drawing_that_is_always_the_same() {
    for preset in brownout::topology::builtin::all() {
        let svg = text(&["export", preset.name, "--to", "svg"]);
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        let words: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        let parsed = brownout::topology::format::read(preset.text).unwrap();
        assert!(words.contains(&parsed.preset().title.as_str()), "{}: {words:?}", preset.name);
        for node in parsed.preset().topology.nodes() {
            assert!(words.iter().any(|word| word.contains(node.id.as_str())), "{}: {words:?}", node.id);
        }
        assert_eq!(svg, text(&["export", preset.name, "--to", "svg"]));
    }
}

#[test]
fn what_a_file_is_called_is_no_markup() {
    let preset = brownout::topology::builtin::by_name("one-server").unwrap().text;
    let title = preset.lines().find(|line| line.starts_with("title")).unwrap();
    let nasty = preset.replace(title, r#"title = '<b>&"</svg>'"#);
    for form in ["svg", "handout"] {
        let output = brownout_with_input(&["export", "-", "--to", form], nasty.as_bytes());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("&lt;b&gt;&amp;&quot;&lt;/svg&gt;") && !text.contains("<b>&"), "{form}: {text}");
        if form == "svg" {
            Document::parse(&text).unwrap();
        }
    }
}

#[test]
fn a_picture_has_the_size_of_its_drawing_times_the_scale() {
    let one = Pixmap::decode_png(&written(&["export", "sticky-sessions", "--to", "png"])).unwrap();
    let two = Pixmap::decode_png(&written(&["export", "sticky-sessions", "--to", "png", "--scale", "2"])).unwrap();
    assert!(two.width().abs_diff(2 * one.width()) <= 1 && two.height().abs_diff(2 * one.height()) <= 1);
    assert!(one.width() > 400 && colours(&one) > 20, "{} wide, {} colours", one.width(), colours(&one));
}

#[test]
fn theme_and_vision_change_the_colours_alone() {
    let plain = text(&["export", "sticky-sessions", "--to", "svg"]);
    let hues = |svg: &str| svg.matches("#").count();
    for look in [["--theme", "dark"], ["--vision", "protanopia"], ["--vision", "tritanopia"]] {
        let svg = text(&["export", "sticky-sessions", "--to", "svg", look[0], look[1]]);
        assert_ne!(svg, plain, "{look:?}");
        assert_eq!(hues(&svg), hues(&plain), "{look:?}");
    }
}

#[test]
fn settings_are_changed_in_the_file_and_in_the_drawing() {
    let set = ["--set", "shop.replicas=4"];
    let toml = text(&["export", "sticky-sessions", "--to", "toml", set[0], set[1]]);
    let again = brownout::topology::format::read(&toml).unwrap();
    assert_eq!(brownout::topology::settings::get(again.preset(), "shop.replicas").unwrap().to_string(), "4");
    let drawing = |more: &[&str]| text(&[&["export", "sticky-sessions", "--to", "svg"], more].concat());
    assert_ne!(drawing(&set), drawing(&[]));
    let plain = brownout::topology::builtin::by_name("sticky-sessions").unwrap().text;
    assert_eq!(text(&["export", "sticky-sessions", "--to", "toml"]), plain);
}

#[test]
fn a_handout_has_two_drawings_and_the_lesson() {
    let html = text(&["export", "sticky-sessions", "--to", "handout"]);
    assert_eq!(html.matches("<svg").count(), 2);
    assert!(html.contains("My guess") && html.contains("id=\"answers\""));
}

#[test]
fn what_cannot_be_exported_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/a.svg");
    let missing = missing.to_str().unwrap();
    complaint(&brownout(&["export", "one-server", "--to", "pdf"]), 2, &["pdf", "svg", "png", "toml", "handout"]);
    complaint(&brownout(&["export", "one-server"]), 2, &["--to"]);
    complaint(&brownout(&["export", "one-sever", "--to", "svg"]), 2, &["one-server"]);
    complaint(&brownout(&["export", "one-server", "--to", "svg", "--set", "shop.replicas=x"]), 2, &["shop.replicas"]);
    complaint(&brownout(&["export", "one-server", "--to", "svg", "--scale", "0"]), 2, &["from 0.1 to 8"]);
    complaint(&brownout(&["export", "one-server", "--to", "svg", "--vision", "x"]), 2, &["deuteranopia"]);
    complaint(&brownout(&["export", "one-server", "--to", "svg", "--output", missing]), 3, &["folder does not exist"]);
    let path = folder.path().join("a.png");
    assert!(written(&["export", "one-server", "--to", "png", "-o", path.to_str().unwrap()]).is_empty());
    assert!(Pixmap::decode_png(&fs::read(path).unwrap()).is_ok());
}

#[test]
fn pictures_that_could_not_be_saved_or_seen_are_refused_before_the_run() {
    let run = |arguments: &[&str]| brownout(&[&["run", "one-server", "--duration", "2s"], arguments].concat());
    complaint(&run(&["--gif", "/nowhere/a.gif"]), 3, &["nothing was run", "/nowhere/a.gif"]);
    complaint(&run(&["--traces", "/nowhere/a.jsonl"]), 3, &["nothing was run", "/nowhere/a.jsonl"]);
    complaint(&run(&["--picture", "1s:/nowhere/a.png"]), 3, &["nothing was run", "/nowhere/a.png"]);
    complaint(&run(&["--picture", "3s:a.png"]), 2, &["a.png", "3s", "2s"]);
    complaint(&run(&["--gif", "a.png"]), 2, &[".gif"]);
    complaint(&run(&["--picture", "a.png"]), 2, &["TIME:FILE.png"]);
    complaint(&run(&["--gif-from", "1s"]), 2, &["--gif"]);
}

#[test]
fn a_run_is_filmed_its_moments_are_pictures_and_its_spans_are_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (film, still, drawing) = (path("a.gif"), path("a.png"), path("a.svg"));
    let (png, svg) = (format!("2s:{still}"), format!("2.5s:{drawing}"));
    let arguments = ["run", "sticky-sessions", "--duration", "3s", "--quiet", "--gif", &film, "--gif-from", "1s"];
    let traces = path("a.jsonl");
    let more = ["--gif-for", "1.5s", "--picture", &png, "--picture", &svg, "--theme", "dark", "--traces", &traces];
    // What the run proves is not asked here: a run this short fails its expectations.
    let output = brownout(&[&arguments[..], &more[..]].concat());
    let bytes = fs::read(&film).unwrap_or_else(|error| panic!("{error}: {}", printed(&output)));
    let mut decoder = DecodeOptions::new().read_info(bytes.as_slice()).unwrap();
    assert_eq!((decoder.width(), decoder.repeat()), (900, Repeat::Infinite));
    let mut moved = 0;
    let mut delays = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        delays.push(frame.delay);
        moved += usize::from(frame.width > 1);
    }
    assert_eq!(delays, [10; 16], "1.5 s at ten frames a second, both ends included");
    assert!(moved > 3, "{moved} of the frames show something new");
    assert!(colours(&Pixmap::decode_png(&fs::read(still).unwrap()).unwrap()) > 20);
    let drawing = fs::read_to_string(drawing).unwrap();
    assert!(Document::parse(&drawing).is_ok() && drawing.contains("#11161e"), "the dark theme's canvas");
    let lines = fs::read_to_string(traces).unwrap();
    let spans: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // A request of a user, the gateway's attempt and the service's answer are one trace.
    let request = spans.iter().find(|span| span["kind"] == "request" && span["outcome"] == "ok").unwrap();
    let of_it = spans.iter().filter(|span| span["trace"] == request["trace"]);
    let hops = of_it.map(|span| (span["life"].as_str().unwrap(), span["kind"].as_str().unwrap()));
    let hops: Vec<_> = hops.collect();
    assert!(
        hops.contains(&("gate.1#1", "client")) && hops.iter().any(|(life, _)| life.starts_with("shop.")),
        "{hops:?}"
    );
}
