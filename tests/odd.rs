//! The generated parts of `docs/odd.md` say what the declarations say. `UPDATE_GOLDEN=1` rewrites them.

use comity::intervention::Kind;
use comity::intervention::delivery::Delivery;
use comity::mechanism::{TICK, choices, declarations, tool};
use comity::parameter::{Declaration, Over};
use comity::quantity::{Role, Tool};
use comity::random::{Purpose, Randomness, name_address};
use std::fmt::Write;

/// A table cell must not end early.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The keys of a declaration, with a placeholder where it repeats.
fn key(declaration: &Declaration) -> String {
    let Declaration { group, name, over, .. } = declaration;
    match over {
        Over::One => format!("{group}.{name}"),
        Over::Tools => format!("{group}.TOOL.{name}"),
        Over::Roles => format!("{group}.ROLE.{name}"),
        Over::Each | Over::Maybe => format!("{group}.KEY.{name}"),
    }
}

fn default(declaration: &Declaration) -> String {
    let each = |keys: &[&str]| {
        let pairs = keys.iter().zip(declaration.defaults).map(|(key, value)| format!("{key} {value}"));
        pairs.collect::<Vec<_>>().join(", ")
    };
    match declaration.over {
        Over::Tools => each(Tool::KEYS),
        Over::Roles => each(Role::KEYS),
        Over::Maybe => "none".to_owned(),
        Over::One | Over::Each => declaration.defaults[0].to_string(),
    }
}

fn parameters() -> String {
    let mut text = String::new();
    let mut group = "";
    for declaration in &declarations() {
        if declaration.group != group {
            group = declaration.group;
            let _ = write!(text, "\n#### `{group}`\n\n");
            text.push_str(
                "| key | meaning | unit | range | default | grade | source |\n|---|---|---|---|---|---|---|\n",
            );
        }
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} to {} | {} | {} | {} |",
            key(declaration),
            cell(declaration.sentence),
            declaration.unit.label(),
            declaration.low,
            declaration.high,
            default(declaration),
            declaration.grade.key(),
            cell(declaration.source),
        );
    }
    text.push_str("\n#### Choices and switches\n\n| key | words (first is the default) | meaning |\n|---|---|---|\n");
    for choice in choices() {
        let _ = writeln!(text, "| `{}` | {} | {} |", choice.key, choice.options.join(", "), cell(choice.sentence));
    }
    text
}

/// The numbers of delivery, and those of every kind.
fn interventions() -> String {
    let mut text = String::new();
    let mut table = |title: &str, sentence: &str, numbers: &[Declaration]| {
        let _ = write!(text, "\n#### {title}\n\n{sentence}\n");
        if !numbers.is_empty() {
            text.push_str(
                "\n| number | meaning | unit | range | default | grade | source |\n|---|---|---|---|---|---|---|\n",
            );
        }
        for declaration in numbers {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} to {} | {} | {} | {} |",
                declaration.name,
                cell(declaration.sentence),
                declaration.unit.label(),
                declaration.low,
                declaration.high,
                default(declaration),
                declaration.grade.key(),
                cell(declaration.source),
            );
        }
    };
    table(
        "Delivery, of every kind",
        "How many are reached, how strongly, when, and what it costs.",
        Delivery::DECLARATIONS,
    );
    for &kind in Kind::ALL {
        let roles: Vec<&str> = kind.usual_roles().iter().map(|role| role.key()).collect();
        let aimed = format!("{:?}", kind.targeted());
        let aimed = match aimed.as_str() {
            "PeopleInPairs" => "people, and pairs of states",
            "People" => "people",
            "Pairs" => "pairs of states",
            "States" => "states",
            _ => "nobody",
        };
        let sentence = format!("{} Aimed at {aimed}; roles: {}.", kind.sentence(), roles.join(", "));
        table(&format!("`{}`", kind.key()), &sentence, kind.declarations());
    }
    text
}

fn tick() -> String {
    let lines = TICK.iter().enumerate();
    lines.map(|(place, stage)| format!("{}. **{}.** {}\n", place + 1, stage.name, stage.sentence)).collect()
}

fn tools() -> String {
    let roles = |may: &dyn Fn(Role) -> bool| {
        let names = Role::ALL.iter().filter(|role| may(**role)).map(|role| role.key());
        names.collect::<Vec<_>>().join(", ")
    };
    let mut text =
        String::from("| tool | asked by | answered by | official point of contact | formal |\n|---|---|---|---|---|\n");
    for &tool in Tool::ALL {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | first desk of {} | {} |",
            tool.key(),
            roles(&|role| tool::asks(tool, role)),
            roles(&|role| tool::answers(tool, role)),
            tool::official(tool).key(),
            if tool::formal(tool) { "yes" } else { "no" },
        );
    }
    text
}

fn draws() -> String {
    let at = |event| Randomness { seed: 1, replicate: 2 }.at(Purpose::Case, 3, event);
    let mut text = String::from("```text\n");
    let mut line = |what: &str, value: String| {
        let _ = writeln!(text, "{what:<64} {value}");
    };
    line("name(\"THA\")", format!("0x{:08X}", name_address("THA")));
    line("name(\"KHM-THA\")", format!("0x{:08X}", name_address("KHM-THA")));
    let mut uniforms = at(4);
    for which in ["first", "second", "third"] {
        line(
            &format!("{which} uniform at seed 1, replicate 2, purpose 3, entity 3, event 4"),
            uniforms.uniform().to_string(),
        );
    }
    line("normal there, as first draw", at(4).normal().to_string());
    line("exponential there, as first draw", at(4).exponential().to_string());
    line("Gamma of mean 1 and shape 2 there, as first draw", at(4).gamma_mean_one(2.0).to_string());
    line("Gamma of mean 1 and shape 0.6 at event 5, as first draw", at(5).gamma_mean_one(0.6).to_string());
    line("Poisson(40) there, as first draw", at(4).poisson(40.0).to_string());
    text + "```"
}

#[test]
fn the_document_lists_what_is_declared() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/odd.md");
    let written = std::fs::read_to_string(path).expect("docs/odd.md can be read");
    let mut wanted = written.clone();
    for (name, section) in [
        ("parameters", parameters()),
        ("interventions", interventions()),
        ("tick", tick()),
        ("tools", tools()),
        ("draws", draws()),
    ] {
        let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
        let (before, rest) = wanted.split_once(&begin).expect("the section begins");
        let (_, after) = rest.split_once(&end).expect("the section ends");
        wanted = format!("{before}{begin}\n{}\n\n{end}{after}", format_args!("\n{}", section.trim()));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, wanted).expect("docs/odd.md can be written");
        return;
    }
    let line = written.lines().zip(wanted.lines()).position(|(is, should)| is != should).map_or(0, |line| line + 1);
    assert!(written == wanted, "docs/odd.md:{line} is not what is declared; UPDATE_GOLDEN=1 cargo test rewrites it");
}
