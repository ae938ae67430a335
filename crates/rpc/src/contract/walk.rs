//! One walk through the params of a call, in a single pass and without a tree: what a shape asks for is read, everything else
//! is stepped over, and the contracts on the way are collected.

use std::{borrow::Cow, collections::BTreeSet};

use domain::allowlist::ContractAddress;

use super::{MAX_CONTRACTS, Reason, transaction};
use crate::{
    fault::Fault,
    request::{Limits, lax_same},
    scanner::{Rules, Scanner},
};

/// Where the walk stands, and what it found.
pub(super) struct Walk<'a> {
    scanner: Scanner<'a>,
    found: Vec<ContractAddress>,
    /// The same, for looking up: a call may name one contract a hundred thousand times.
    seen: BTreeSet<ContractAddress>,
}

impl<'a> Walk<'a> {
    /// Stands before params that are given by position.
    pub fn new(params: &'a str) -> Result<Self, Reason> {
        let Limits { max_depth, max_members, .. } = Limits::default();
        let scanner = Scanner::new(params.as_bytes(), Rules { refuse_ambiguity: true, max_depth, max_members })?;
        match scanner.peek() {
            Some(b'{') => Err(Reason::ByName),
            _ => Ok(Walk { scanner, found: Vec::new(), seen: BTreeSet::new() }),
        }
    }

    /// The contracts on the way, at the end of it.
    pub fn finish(mut self) -> Result<Vec<ContractAddress>, Reason> {
        self.scanner.finish()?;
        if self.found.is_empty() { Err(Reason::NoAddress) } else { Ok(self.found) }
    }

    /// Goes through an array. `each` is given the index of an element and reads it, or steps over it.
    pub fn elements(&mut self, mut each: impl FnMut(&mut Self, usize) -> Result<(), Reason>) -> Result<(), Reason> {
        self.expect(b'[')?;
        self.scanner.enter()?;
        let mut index = 0;
        while self.scanner.next_element(index == 0)? {
            each(self, index)?;
            index += 1;
        }
        Ok(())
    }

    /// Goes through an object. `each` is given the members with one of these names and reads their values; the others are
    /// stepped over. A variant of one of these names is refused, since readers that fold case would obey it.
    pub fn members(
        &mut self,
        names: &[&'static str],
        mut each: impl FnMut(&mut Self, &'static str) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        self.expect(b'{')?;
        self.scanner.enter()?;
        let mut is_first = true;
        while let Some(name) = self.scanner.next_member(is_first)? {
            is_first = false;
            let name = name.decoded();
            match names.iter().find(|known| lax_same(&name, known)) {
                Some(known) if name == **known => each(self, known)?,
                Some(_) => return Err(Reason::Ambiguous),
                // Readers that end a text at a control character would see another name.
                None if name.contains(char::is_control) => return Err(Reason::Ambiguous),
                None => self.skip()?,
            }
        }
        Ok(())
    }

    /// Steps over a value.
    pub fn skip(&mut self) -> Result<(), Reason> {
        self.scanner.value()?;
        Ok(())
    }

    /// Steps over a null, if there is one.
    pub fn is_null(&mut self) -> Result<bool, Reason> {
        let is_null = self.scanner.peek() == Some(b'n');
        if is_null {
            self.skip()?;
        }
        Ok(is_null)
    }

    /// Whether an array stands here.
    pub fn is_array(&self) -> bool {
        self.scanner.peek() == Some(b'[')
    }

    /// Whether a string stands here.
    pub fn is_text(&self) -> bool {
        self.scanner.peek() == Some(b'"')
    }

    /// Steps over a value that can override nothing: one that is empty, a number or a boolean.
    pub fn no_override(&mut self) -> Result<(), Reason> {
        match self.scanner.peek() {
            Some(b'{') => self.any_member(Reason::Override),
            Some(b'[') => self.elements(|_, _| Err(Reason::Override)),
            Some(b'"') => Err(Reason::Override),
            _ => self.skip(),
        }
    }

    /// Reads a string.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Reason> {
        self.expect(b'"')?;
        Ok(self.scanner.string()?.decoded())
    }

    /// Reads an address that must be there, and adds it.
    pub fn address(&mut self) -> Result<(), Reason> {
        if !self.is_text() {
            return Err(Reason::NotAnAddress);
        }
        let address = self.text()?.parse().map_err(|_| Reason::NotAnAddress)?;
        self.add(address)
    }

    /// Reads an object whose members have addresses as names, and adds these.
    pub fn address_names(&mut self) -> Result<(), Reason> {
        self.expect(b'{')?;
        self.scanner.enter()?;
        let mut is_first = true;
        while let Some(name) = self.scanner.next_member(is_first)? {
            is_first = false;
            self.add(name.decoded().parse().map_err(|_| Reason::NotAnAddress)?)?;
            self.skip()?;
        }
        Ok(())
    }

    /// Reads a signed transaction, and adds its recipient.
    pub fn transaction(&mut self) -> Result<(), Reason> {
        let bytes = self.bytes(Reason::Transaction)?;
        self.add(transaction::recipient(&bytes)?)
    }

    /// Reads bytes that begin with an address, and adds it; there may be none.
    pub fn leading_address(&mut self) -> Result<(), Reason> {
        let bytes = self.bytes(Reason::NotAnAddress)?;
        match bytes.first_chunk() {
            Some(address) => self.add(ContractAddress(*address)),
            None if bytes.is_empty() => Ok(()),
            None => Err(Reason::NotAnAddress),
        }
    }

    fn add(&mut self, contract: ContractAddress) -> Result<(), Reason> {
        if self.seen.insert(contract) {
            if self.found.len() == MAX_CONTRACTS {
                return Err(Reason::TooMany);
            }
            self.found.push(contract);
        }
        Ok(())
    }

    /// Reads `0x` and hexadecimal digits, two a byte.
    fn bytes(&mut self, otherwise: Reason) -> Result<Vec<u8>, Reason> {
        let text = self.text()?;
        text.strip_prefix("0x").and_then(decode_hex).ok_or(otherwise)
    }

    /// Fails with `found` at the first member of an object.
    fn any_member(&mut self, found: Reason) -> Result<(), Reason> {
        self.scanner.enter()?;
        if self.scanner.next_member(true)?.is_some() { Err(found) } else { Ok(()) }
    }

    fn expect(&self, first: u8) -> Result<(), Reason> {
        if self.scanner.peek() == Some(first) { Ok(()) } else { Err(Reason::Shape) }
    }
}

impl From<Fault<'_>> for Reason {
    fn from(fault: Fault<'_>) -> Reason {
        match fault {
            Fault::Ambiguous { .. } => Reason::Ambiguous,
            _ => Reason::Shape,
        }
    }
}

fn decode_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes.filter(|_| rest.is_empty())
}
