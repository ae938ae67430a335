//! Line: the way to sever a connection to an upstream at once, whatever the task that drives it is at. From then on not one
//! byte is written to it.

use std::{cell::Cell, rc::Rc};

/// One connection to an upstream, as its transport and its pool hold it.
#[derive(Clone, Default)]
pub(crate) struct Line(Rc<State>);

/// The line while one call uses it.
pub(crate) struct Lease {
    line: Line,
    number: u64,
}

#[derive(Default)]
struct State {
    is_severed: Cell<bool>,
    leases: Cell<u64>,
}

impl Line {
    /// For the next call. What is left of the call before can no longer sever it.
    pub fn lease(&self) -> Lease {
        let number = self.0.leases.get() + 1;
        self.0.leases.set(number);
        Lease { line: self.clone(), number }
    }

    /// Whether nothing may be written any more.
    pub fn is_severed(&self) -> bool {
        self.0.is_severed.get()
    }
}

impl Lease {
    /// Severs the line, unless another call has it by now.
    pub fn sever(&self) {
        if self.line.0.leases.get() == self.number {
            self.line.0.is_severed.set(true);
        }
    }
}

#[cfg(test)]
mod tests {
    //! Only the call that has a line severs it.

    use super::*;

    #[test]
    fn a_call_that_is_over_does_not_sever_the_line_of_the_next() {
        let line = Line::default();
        let before = line.lease();
        let now = line.lease();
        before.sever();
        assert!(!line.is_severed());
        now.sever();
        assert!(line.is_severed());
    }
}
