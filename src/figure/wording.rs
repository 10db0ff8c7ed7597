//! Words that stand for a figure's own: another language, another house style.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Replacements for words, and a memory of the words that were asked for; copies share the memory.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    replaced: BTreeMap<String, String>,
    asked: Arc<Mutex<BTreeSet<String>>>,
}

impl Wording {
    /// Words and what stands for them.
    pub fn new(replaced: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { replaced: replaced.into_iter().collect(), asked: Arc::default() }
    }

    /// What to print for those words: themselves, unless there are others.
    pub fn say(&self, own: &str) -> String {
        if !own.is_empty() {
            self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(own.to_owned());
        }
        self.replaced.get(own).map_or_else(|| own.to_owned(), Clone::clone)
    }

    /// What to print for something with a key and a name of its own: what was given for either, the key first.
    pub fn label(&self, key: &str, own: &str) -> String {
        if self.replaced.contains_key(key) { self.say(key) } else { self.say(own) }
    }

    /// All words asked for so far, in alphabetical order: what a translation has to hold.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Words for which something else was given, but which no figure asked for.
    pub fn idle(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        self.replaced.keys().filter(|words| !asked.contains(*words)).cloned().collect()
    }
}
