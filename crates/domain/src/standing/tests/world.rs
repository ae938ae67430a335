//! No escalation, in a world small enough to look at whole: three people, each with every role in the account and on a key, two
//! roles of the account's own with every content, and everything that anybody can do to anybody.
//!
//! The rules are stated a second time here, as naively as they are written in docs/roles.md, and compared for every step. That no
//! step gives anybody what neither they nor who made it held is checked for each step of every world, so it holds for sequences
//! of any length and for any number of people who work together; sequences of three are walked as well.

use std::collections::{BTreeSet, HashSet};

use super::*;
use crate::role::{Edit, may_edit, may_give};

const PEOPLE: [usize; 3] = [0, 1, 2];
/// The account's own role, and the key's own.
const LEAD: RoleId = RoleId::from_u128(101);
const DESK: RoleId = RoleId::from_u128(102);
const SCOPES: [RoleScope; 2] = [RoleScope::Account, RoleScope::Key(KEY)];

/// What roles of the account's own may hold here.
const CONTENTS: [&[Permission]; 3] = [
    &[Permission::TeamworkRoles, Permission::TeamworkAssign, Permission::TeamworkRemove],
    &[Permission::TeamworkAssign, Permission::StatsView],
    &[Permission::KeysEdit],
];

/// Who holds what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    account: [Option<Role>; 3],
    key: [Option<Role>; 3],
    lead: usize,
    desk: usize,
}

/// What everybody may do, by scope and person.
type Held = [[BTreeSet<Permission>; 3]; 2];

/// What somebody can try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Give(RoleScope, usize, Role),
    Take(usize),
    Edit(RoleScope, usize),
    Delete(RoleScope, Role),
}

impl World {
    fn own(&self, scope: RoleScope) -> CustomRole {
        let (id, content) = match scope {
            RoleScope::Account => (LEAD, self.lead),
            RoleScope::Key(_) => (DESK, self.desk),
        };
        custom(id.as_u128(), scope, CONTENTS[content])
    }

    fn standing(&self, who: usize) -> Standing {
        let roles = [self.own(SCOPES[0]), self.own(SCOPES[1])];
        let granted: Vec<(KeyId, Role)> = self.key[who].map(|role| (KEY, role)).into_iter().collect();
        standing(who as u128 + 1, self.account[who], &granted, &roles)
    }

    fn held(&self, scope: RoleScope, who: usize) -> Option<Role> {
        match scope {
            RoleScope::Account => self.account[who],
            RoleScope::Key(_) => self.key[who],
        }
    }

    fn set(&mut self, scope: RoleScope, who: usize, role: Option<Role>) {
        match scope {
            RoleScope::Account => self.account[who] = role,
            RoleScope::Key(_) => self.key[who] = role,
        }
    }

    /// What a role allows, if it can be given in a scope.
    fn allows(&self, scope: RoleScope, role: Role) -> Permissions {
        role.built_in(scope).unwrap_or_else(|| self.own(scope).permissions())
    }

    /// The world after a step, if the rules of the product let it be made.
    fn after(&self, actor: usize, step: Step) -> Option<World> {
        let me = self.standing(actor);
        let mut next = *self;
        match step {
            Step::Give(scope, other, role) => {
                me.rights.allow(scope, Permission::TeamworkAssign).ok()?;
                may_give(me.rights.within(scope), self.allows(scope, role)).ok()?;
                match scope {
                    RoleScope::Account => me.may_act_on(&self.standing(other), "changed").ok()?,
                    RoleScope::Key(key) => me.may_act_on_key(&self.standing(other), key, "changed").ok()?,
                }
                next.set(scope, other, Some(role));
            }
            Step::Take(other) if other == actor => next.key[other] = None,
            Step::Take(other) => {
                me.rights.allow(SCOPES[1], Permission::TeamworkRemove).ok()?;
                me.may_act_on_key(&self.standing(other), KEY, "removed").ok()?;
                next.key[other] = None;
            }
            Step::Edit(scope, content) => {
                let mut edited = *self;
                *edited.content(scope) = content;
                let (before, after) = (Some(self.own(scope).permissions()), Some(edited.own(scope).permissions()));
                may_edit(me.rights.within(scope), Edit { before, after, is_own: self.is_own(scope, actor) }).ok()?;
                next = edited;
            }
            Step::Delete(scope, instead) => {
                let before = Some(self.own(scope).permissions());
                may_edit(me.rights.within(scope), Edit { before, after: None, is_own: self.is_own(scope, actor) })
                    .ok()?;
                may_give(me.rights.within(scope), self.allows(scope, instead)).ok()?;
                for who in PEOPLE {
                    if self.held(scope, who) == Some(self.own(scope).as_role()) {
                        next.set(scope, who, Some(instead));
                    }
                }
            }
        }
        Some(next)
    }

    fn content(&mut self, scope: RoleScope) -> &mut usize {
        if scope == RoleScope::Account { &mut self.lead } else { &mut self.desk }
    }

    fn is_own(&self, scope: RoleScope, who: usize) -> bool {
        self.held(scope, who) == Some(self.own(scope).as_role())
    }

    /// What somebody may do in a scope, said anew: what the role in the account says, and on the key what either says.
    fn naive(&self, scope: RoleScope, who: usize) -> BTreeSet<Permission> {
        let of_account = self.account[who].map(|role| said(role, SCOPES[0], self.lead)).unwrap_or_default();
        if scope == RoleScope::Account {
            return of_account;
        }
        let of_key = self.key[who].map(|role| said(role, scope, self.desk)).unwrap_or_default();
        of_account.union(&of_key).copied().filter(is_of_a_key).collect()
    }

    /// What everybody may do, by scope and person.
    fn all_held(&self) -> Held {
        SCOPES.map(|scope| PEOPLE.map(|who| self.naive(scope, who)))
    }

    /// Whether the rules of docs/roles.md let the step be made where these are held.
    fn naively_may(&self, held: &Held, actor: usize, step: Step) -> bool {
        let all = |scope: RoleScope| &held[usize::from(scope != RoleScope::Account)];
        let mine = |scope| &all(scope)[actor];
        let of = |scope, role| said(role, scope, if scope == RoleScope::Account { self.lead } else { self.desk });
        let covers = |scope, other: usize| all(scope)[other].is_subset(mine(scope));
        let may_touch = |other: usize| other != actor && self.account[other] != Some(Role::Owner);
        match step {
            Step::Give(scope, other, role) => {
                let all_scopes = covers(SCOPES[0], other) && covers(SCOPES[1], other);
                mine(scope).contains(&Permission::TeamworkAssign)
                    && of(scope, role).is_subset(mine(scope))
                    && may_touch(other)
                    && if scope == RoleScope::Account { all_scopes } else { covers(scope, other) }
            }
            Step::Take(other) if other == actor => true,
            Step::Take(other) => {
                mine(SCOPES[1]).contains(&Permission::TeamworkRemove) && may_touch(other) && covers(SCOPES[1], other)
            }
            Step::Edit(scope, content) => {
                let own = self.own(scope).as_role();
                let new = said(own, scope, content);
                let may = mine(scope).contains(&Permission::TeamworkRoles) && self.held(scope, actor) != Some(own);
                may && of(scope, own).is_subset(mine(scope)) && new.is_subset(mine(scope))
            }
            Step::Delete(scope, instead) => {
                let own = self.own(scope).as_role();
                let may = mine(scope).contains(&Permission::TeamworkRoles) && self.held(scope, actor) != Some(own);
                may && of(scope, own).is_subset(mine(scope)) && of(scope, instead).is_subset(mine(scope))
            }
        }
    }
}

/// What a role says, by the words of docs/roles.md.
fn said(role: Role, scope: RoleScope, content: usize) -> BTreeSet<Permission> {
    let on_key = scope != RoleScope::Account;
    let everything = Permission::ALL.into_iter().filter(|permission| !on_key || is_of_a_key(permission));
    match role {
        Role::Owner | Role::Admin => everything.collect(),
        Role::Member => [Permission::KeysView, Permission::KeysUse].into(),
        Role::Creator => everything
            .filter(|permission| !matches!(permission, Permission::TeamworkInvite | Permission::SecurityLimits))
            .collect(),
        Role::Custom(_) => CONTENTS[content].iter().copied().chain([Permission::KeysView]).collect(),
    }
}

fn is_of_a_key(permission: &Permission) -> bool {
    *permission != Permission::KeysCreate && !permission.as_str().starts_with("account.")
}

/// Every world: who holds what does not depend on who else is there, so the first person is the one who acts.
fn worlds() -> Vec<World> {
    let roles = [None, Some(Role::Member), Some(Role::Admin), Some(Role::Custom(LEAD))];
    let others = [Some(Role::Owner), Some(Role::Admin), Some(Role::Custom(LEAD)), None];
    let granted = [None, Some(Role::Creator), Some(Role::Admin), Some(Role::Custom(DESK))];
    let mut all = Vec::new();
    for first in roles {
        for second in others {
            for keys in 0..32 {
                for contents in 0..9 {
                    let key = [granted[keys % 4], granted[keys / 4 % 4], granted[keys / 16 * 3]];
                    let account = [first, second, Some(Role::Custom(LEAD))];
                    all.push(World { account, key, lead: contents % 3, desk: contents / 3 });
                }
            }
        }
    }
    all
}

/// Everything that can be tried.
fn steps() -> Vec<Step> {
    let mut all = Vec::new();
    for scope in SCOPES {
        let own = if scope == RoleScope::Account { LEAD } else { DESK };
        for who in PEOPLE {
            all.extend([Role::Member, Role::Admin, Role::Custom(own)].map(|role| Step::Give(scope, who, role)));
        }
        all.extend((0..CONTENTS.len()).map(|content| Step::Edit(scope, content)));
        all.extend([Role::Member, Role::Admin].map(|role| Step::Delete(scope, role)));
    }
    all.extend(PEOPLE.map(Step::Take));
    all
}

#[test]
fn every_step_in_every_world_is_decided_as_the_rules_say_and_gives_nobody_more_than_who_made_it_had() {
    let (steps, mut made) = (steps(), 0);
    for world in worlds() {
        let held = world.all_held();
        for step in &steps {
            let after = world.after(0, *step);
            assert_eq!(after.is_some(), world.naively_may(&held, 0, *step), "{step:?} in {world:?}");
            let Some(after) = after else { continue };
            made += 1;
            for who in PEOPLE {
                for (scope, held) in SCOPES.into_iter().zip(&held) {
                    let had: BTreeSet<Permission> = &held[who] | &held[0];
                    let has: BTreeSet<Permission> = after.standing(who).rights.within(scope).iter().collect();
                    assert!(has.is_subset(&had), "{step:?} in {world:?} gives {who} {:?}", &has - &had);
                }
            }
            let left = *step == Step::Take(0);
            assert!(
                left || (after.account[0], after.key[0]) == (world.account[0], world.key[0]),
                "{step:?} in {world:?}"
            );
            for who in PEOPLE {
                let is_owner = world.account[who] == Some(Role::Owner);
                assert!(!is_owner || left || after.account[who] == world.account[who], "{step:?} in {world:?}");
            }
        }
    }
    assert!(made > 10_000, "{made} steps were lawful");
}

#[test]
fn whoever_works_together_three_steps_give_nothing_that_none_of_them_had() {
    let steps = steps();
    // A few worlds of each sort, evenly.
    for first in worlds().into_iter().step_by(997) {
        let union = |scope| PEOPLE.into_iter().flat_map(|who| first.naive(scope, who)).collect::<BTreeSet<_>>();
        let most = SCOPES.map(union);
        let (mut seen, mut edge) = (HashSet::from([first]), vec![first]);
        for _ in 0..3 {
            let next = edge.iter().flat_map(|world| PEOPLE.map(|actor| (*world, actor)));
            let next: Vec<World> = next
                .flat_map(|(world, actor)| steps.iter().filter_map(move |step| world.after(actor, *step)))
                .collect();
            edge = next.into_iter().filter(|world| seen.insert(*world)).collect();
        }
        for world in seen {
            for (scope, most) in SCOPES.into_iter().zip(&most) {
                for who in PEOPLE {
                    assert!(world.naive(scope, who).is_subset(most), "{world:?} was reached from {first:?}");
                }
            }
        }
    }
}
