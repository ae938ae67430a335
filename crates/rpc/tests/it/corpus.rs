//! Replays the seeds of the fuzz targets of this crate.

use testbed::seeds::replay;

#[test]
fn contract_seeds() {
    replay("contract", crate::contract::check);
}

#[test]
fn json_rpc_seeds() {
    replay("json_rpc", crate::json_rpc::check);
}
