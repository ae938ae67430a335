//! Many patterns, and the one that describes a request best: a trie over segments.
//!
//! Best is decided segment by segment from the left: a literal before `*` before `**`; for one path, a verb before every
//! verb. A search takes one look-up in an ordered map per segment and kind of segment, not one per pattern.

use super::pattern::{Segment, VerbPattern};
use super::{decoded, next_segment, path_of};
use std::collections::BTreeMap;

/// Patterns, each with what it stands for: a price, a permission, a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternSet<T> {
    root: Node<T>,
    len: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node<T> {
    literals: BTreeMap<Box<str>, Node<T>>,
    one: Option<Box<Node<T>>>,
    /// Patterns that end here.
    ends: Verbs<T>,
    /// Patterns that end here with `**`.
    rests: Verbs<T>,
}

/// A handful of verbs at most, so a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Verbs<T> {
    named: Vec<(Box<str>, T)>,
    every: Option<T>,
}

impl<T> PatternSet<T> {
    /// A set that matches nothing.
    pub fn new() -> Self {
        PatternSet { root: Node::new(), len: 0 }
    }

    /// Patterns in the set.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True without patterns.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a pattern; gives back what the same pattern stood for before.
    pub fn insert(&mut self, pattern: VerbPattern, value: T) -> Option<T> {
        let mut node = &mut self.root;
        let mut is_rest = false;
        for segment in pattern.path.segments {
            node = match segment {
                Segment::Literal(literal) => node.literals.entry(literal).or_insert_with(Node::new),
                Segment::One => node.one.get_or_insert_with(|| Box::new(Node::new())),
                Segment::Rest => {
                    is_rest = true;
                    break;
                }
            };
        }
        let verbs = if is_rest { &mut node.rests } else { &mut node.ends };
        let before = verbs.insert(pattern.verb, value);
        self.len += usize::from(before.is_none());
        before
    }

    /// What the best pattern for this verb and request target stands for.
    pub fn find(&self, verb: &str, target: &str) -> Option<&T> {
        self.root.find(verb, path_of(target).strip_prefix('/'))
    }
}

impl<T> Default for PatternSet<T> {
    fn default() -> Self {
        PatternSet::new()
    }
}

impl<T> FromIterator<(VerbPattern, T)> for PatternSet<T> {
    /// Of equal patterns the last one counts.
    fn from_iter<I: IntoIterator<Item = (VerbPattern, T)>>(pairs: I) -> Self {
        let mut set = PatternSet::new();
        for (pattern, value) in pairs {
            set.insert(pattern, value);
        }
        set
    }
}

impl<T> Node<T> {
    fn new() -> Self {
        Node { literals: BTreeMap::new(), one: None, ends: Verbs::new(), rests: Verbs::new() }
    }

    /// `path` is what remains, without the slash before it; None at its end. As deep as the longest pattern.
    fn find(&self, verb: &str, path: Option<&str>) -> Option<&T> {
        let Some(path) = path else {
            return self.ends.find(verb).or_else(|| self.rests.find(verb));
        };
        let (segment, after) = next_segment(path);
        let literal = self.literals.get(&*decoded(segment)).and_then(|node| node.find(verb, after));
        let one = || self.one.as_ref().filter(|_| !segment.is_empty()).and_then(|node| node.find(verb, after));
        literal.or_else(one).or_else(|| self.rests.find(verb))
    }
}

impl<T> Verbs<T> {
    fn new() -> Self {
        Verbs { named: Vec::new(), every: None }
    }

    fn insert(&mut self, verb: Option<Box<str>>, value: T) -> Option<T> {
        let Some(verb) = verb else { return self.every.replace(value) };
        match self.named.iter_mut().find(|(named, _)| *named == verb) {
            Some((_, before)) => Some(std::mem::replace(before, value)),
            None => {
                self.named.push((verb, value));
                None
            }
        }
    }

    fn find(&self, verb: &str) -> Option<&T> {
        self.named.iter().find(|(named, _)| **named == *verb).map(|(_, value)| value).or(self.every.as_ref())
    }
}
