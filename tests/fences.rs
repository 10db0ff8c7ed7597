//! The map in docs/architecture.md is true, and its direction holds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The modules of the map, in order: first cells of its table, in backticks.
fn map() -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the map is there");
    text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned)).collect()
}

/// The modules of the tree: files and folders of src but the two roots.
fn tree() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("src")).expect("there are sources");
    let names = entries.map(|entry| entry.expect("it can be read").path());
    let stems = names.filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    stems.filter(|name| name != "lib" && name != "main").collect()
}

/// Every source file of a module.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    entries.flat_map(|entry| files(&entry.expect("it can be read").path())).collect()
}

fn sources(module: &str) -> Vec<PathBuf> {
    let src = root().join("src");
    let file = src.join(format!("{module}.rs"));
    if file.is_file() { vec![file] } else { files(&src.join(module)) }
}

/// The code of a file: comments and strings' documentation do not import anything.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("sources are UTF-8");
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that code names after `crate::` or `comity::`, also in braces.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for prefix in ["crate::", "comity::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
            if let Some(list) = rest.strip_prefix('{') {
                let mut depth = 0;
                let mut start = true;
                for (place, letter) in list.char_indices() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ if start && !letter.is_whitespace() => {
                            found.insert(word(&list[place..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            } else {
                found.insert(word(rest));
            }
        }
    }
    found
}

#[test]
fn the_map_names_every_module_and_no_other() {
    let map: BTreeSet<String> = map().into_iter().collect();
    assert_eq!(map, tree(), "left: docs/architecture.md; right: src/");
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let map = map();
    let place = |name: &str| map.iter().position(|module| module == name);
    let mut wrong = Vec::new();
    for (own, module) in map.iter().enumerate() {
        for file in sources(module) {
            for other in used(&code(&file)) {
                if place(&other).is_some_and(|other| other > own) {
                    wrong.push(format!("{} uses {other}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against docs/architecture.md:\n{}", wrong.join("\n"));
}

#[test]
fn only_storage_and_the_command_line_know_files_time_and_terminal() {
    let forbidden =
        ["std::fs", "std::time", "std::env", "std::thread", "std::process", "println!", "eprintln!", "print!("];
    let mut wrong = Vec::new();
    for module in map().iter().filter(|module| !["storage", "cli"].contains(&module.as_str())) {
        for file in sources(module) {
            let code = code(&file);
            wrong.extend(
                forbidden.iter().filter(|word| code.contains(**word)).map(|word| format!("{}: {word}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "the core asks for no clock, file, thread or terminal:\n{}", wrong.join("\n"));
}

#[test]
fn the_scan_sees_imports_in_every_shape() {
    let code = "use crate::table::Table; use crate::{world::{World, Region}, random}; let x = crate::engine::run();";
    let seen: Vec<String> = used(code).into_iter().collect();
    assert_eq!(seen, ["engine", "random", "table", "world"]);
}

#[test]
fn the_readme_names_every_subcommand() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let help =
        std::process::Command::new(env!("CARGO_BIN_EXE_comity")).arg("--help").output().expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("help is UTF-8");
    let listed = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let own = listed.take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    let names = own.filter_map(|line| line.split_whitespace().next());
    let missing: Vec<&str> =
        names.filter(|name| *name != "help" && !readme.contains(&format!("comity {name}"))).collect();
    assert!(missing.is_empty(), "the README does not name {missing:?}");
}
