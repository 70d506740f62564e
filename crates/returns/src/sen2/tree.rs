//! One person's part of the file, held as a flat tree until it has become records.
//!
//! All text lies in one string and all elements in one list, in document order; both are emptied
//! and used again for the next person, so that reading a return allocates next to nothing per item.

use super::names::Item;

#[derive(Debug, Clone)]
struct Node {
    item: Option<Item>,
    name: (u32, u32),
    text: (u32, u32),
    line: u64,
    /// Index after the last element inside this one.
    end: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    text: String,
}

/// An element of the tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    tree: &'a Tree,
    index: u32,
}

impl Tree {
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.text.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        (start, self.text.len() as u32)
    }

    /// Adds an element and answers its index, to be closed with [`Tree::close`].
    pub(crate) fn open(&mut self, name: &str, line: u64) -> u32 {
        let item = Item::called(name);
        // A known item is named by its variant; only strangers need their own name.
        let name = if item.is_some() { (0, 0) } else { self.keep(name) };
        let index = self.nodes.len() as u32;
        self.nodes.push(Node { item, name, text: (0, 0), line, end: index + 1 });
        index
    }

    pub(crate) fn close(&mut self, index: u32, text: &str) {
        let text = self.keep(text);
        let end = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(index as usize) {
            node.text = text;
            node.end = end;
        }
    }

    pub(crate) fn root(&self) -> Option<Element<'_>> {
        (!self.nodes.is_empty()).then_some(Element { tree: self, index: 0 })
    }

    fn slice(&self, (start, end): (u32, u32)) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl<'a> Element<'a> {
    fn node(self) -> &'a Node {
        &self.tree.nodes[self.index as usize]
    }

    pub(crate) fn item(self) -> Option<Item> {
        self.node().item
    }

    /// The guide's name, or for a stranger the file's.
    pub(crate) fn name(self) -> &'a str {
        match self.node().item {
            Some(item) => item.name(),
            None => self.tree.slice(self.node().name),
        }
    }

    pub(crate) fn text(self) -> &'a str {
        self.tree.slice(self.node().text)
    }

    pub(crate) fn line(self) -> u64 {
        self.node().line
    }

    pub(crate) fn is_leaf(self) -> bool {
        self.node().end == self.index + 1
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Element<'a>> {
        let tree = self.tree;
        let end = self.node().end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let element = Element { tree, index: next };
                next = element.node().end;
                element
            })
        })
    }

    /// The records of one kind that stand here: itself, or, where a file wraps them in a plural of
    /// the same item (`Requests` around `Request`), those inside.
    pub(crate) fn records(self) -> Vec<Element<'a>> {
        let item = self.item();
        let inner: Vec<_> = self.children().filter(|child| child.item() == item).collect();
        if inner.is_empty() { vec![self] } else { inner }
    }
}
