//! Deciding again: what was decided when a request came may not hold any more when its calls are admitted.

use std::borrow::Cow;

use domain::{
    allowlist::{Layers, ListKinds, domain::Page},
    decision::{Denial, NotAllowed, RequestFacts, decide_request},
    name::NetworkName,
    request_log::{Via, Wire},
    time::Timestamp,
};

use super::{Asked, Caller};
use crate::gate::Shared;

impl Asked<'_> {
    /// Decides on the request once more, if any policy has changed since it was decided on.
    pub fn decide_again(&self) -> Result<(), Denial> {
        let Shared { keyring, clock, .. } = &*self.gate.shared;
        let generation = keyring.generation();
        let is_same = generation == self.generation.get() && self.slot.stopped().is_none();
        if is_same && !self.have_lists_ended() {
            return Ok(());
        }
        let entry = keyring.find(&self.value);
        let view = entry.as_ref().and_then(|entry| entry.view());
        let now = (clock.wall)();
        let lists = view.as_ref().map_or(Layers::NONE, |view| view.lists(now));
        let decided = decide_request(&self.facts(now), view.as_ref().map(|view| view.presented(&lists)));
        self.hear(&decided)?;
        self.lists.replace(lists);
        if self.wire == Wire::Http {
            // A WebSocket takes over all that has changed before its next message: see `renew`.
            self.generation.set(generation);
        }
        self.slot.go_on();
        Ok(())
    }

    /// Brings what holds for a WebSocket up to date with the policies, if any has changed or an entry of a list has ended: its
    /// limits, its lists, and whether it may go on. Tells whether there was such a change.
    ///
    /// Errors: the handshake would be denied now.
    pub fn renew(&mut self) -> Result<bool, Denial> {
        let generation = self.gate.shared.keyring.generation();
        if generation == self.generation.get() && !self.have_lists_ended() {
            return Ok(false);
        }
        let gate = self.gate;
        let entry = gate.shared.keyring.find(&self.value);
        let view = entry.as_ref().and_then(|entry| entry.view()).ok_or(Denial::UnknownKey)?;
        let now = (gate.shared.clock.wall)();
        let lists = view.lists(now);
        let decided = decide_request(&self.facts(now), Some(view.presented(&lists)));
        self.hear(&decided)?;
        self.lists.replace(lists);
        (self.limits, self.caller) = (view.limits(self.api.index), Caller::of(&view));
        self.generation.set(generation);
        Ok(true)
    }

    /// Keeps what the lists said of the request, for rows and receipts.
    pub fn hear(&self, decided: &Result<ListKinds, NotAllowed>) -> Result<(), Denial> {
        match *decided {
            Ok(observed) => {
                self.observed.set(observed);
                Ok(())
            }
            Err(NotAllowed { denial, layer, observed }) => {
                self.observed.set(observed);
                self.layer.set(layer);
                Err(denial)
            }
        }
    }

    /// Whether an entry of a list has ended since the request was decided on. The clock is read only where there are lists.
    fn have_lists_ended(&self) -> bool {
        let lists = self.lists.borrow();
        !lists.are_none() && lists.are_over((self.gate.shared.clock.wall)())
    }

    /// What was known of the request when it was decided that it may be read.
    pub fn facts(&self, now: Timestamp) -> RequestFacts<'_> {
        RequestFacts {
            now,
            too_many_denials: false,
            address: self.address,
            page: self.page(),
            secret: self.secret.as_ref(),
            has_ticket: self.via == Via::Tester,
            api: &self.api.api.name,
            network: self.named_network(),
            path_found: true,
            encoding_supported: true,
            declared_length: None,
            body_limit: self.api.body_limit,
            well_formed: true,
        }
    }

    /// The network that the path names, if the API has any.
    pub fn named_network(&self) -> Option<&NetworkName> {
        self.network.and_then(|network| network.name.as_ref())
    }

    /// Whether the value stands in the path and its key's list of domains has the page: then that list decides which pages may
    /// read answers, as it does for preflights.
    pub(super) fn is_page_listed(&self) -> bool {
        let lists = self.lists.borrow();
        let is_asked = self.origin.is_some() && self.target.before_rest().is_none() && lists.enforce_domains();
        is_asked && lists.page(self.page()).denied_by.is_none()
    }

    /// The page that the request came from, as its headers say.
    fn page(&self) -> Option<&str> {
        self.origin.as_ref().or(self.referer.as_ref()).and_then(|page| page.to_str().ok())
    }

    /// What of the request a denial is about, where that is not the call: told in its receipt.
    pub fn seen(&self, denial: Denial) -> Option<Cow<'_, str>> {
        match denial {
            Denial::AddressNotAllowed | Denial::TooManyDenials => Some(self.address.to_string().into()),
            // The host alone: the rest of a `Referer` is nobody's business here.
            Denial::DomainNotAllowed => self.page().and_then(Page::read).map(|page| page.host().to_owned().into()),
            Denial::NetworkNotInPlan => {
                self.network.and_then(|network| network.name.as_ref()).map(|name| name.as_str().into())
            }
            Denial::PathNotFound => Some(self.target.logged().into()),
            _ => None,
        }
    }
}
