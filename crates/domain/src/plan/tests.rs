//! What plans allow.

use super::*;

fn plan(name: &str, max_keys: Option<u32>, max_members: Option<u32>) -> Plan {
    Plan {
        name: name.parse().unwrap(),
        title: "A plan".parse().unwrap(),
        quotas: vec![],
        rates: vec![],
        max_keys,
        max_members,
    }
}

#[test]
fn the_tightest_plan_speaks() {
    let plans = [plan("wide", Some(10), None), plan("narrow", Some(3), Some(2)), plan("open", None, None)];
    for (present, more, fits) in [(0, 3, true), (2, 1, true), (3, 1, false), (0, 4, false)] {
        assert_eq!(may_add_keys(&plans, present, more).is_ok(), fits, "{present} + {more}");
    }
    assert_eq!(
        may_add_keys(&plans, 3, 1).unwrap_err().to_string(),
        "plan narrow allows 3 keys; revoke one or choose a larger plan"
    );
    assert!(may_add_member(&plans, 1).is_ok());
    assert!(may_add_member(&plans, 2).is_err());
    assert!(may_add_keys(&plans[2..], 1_000_000, 1).is_ok());
}
