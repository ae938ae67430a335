//! Reads a call's parameters: what each must be, and what is said when it is not.

use serde_json::Value;

use super::{
    chain::{Address, Block, Chain, Hash},
    error::RpcError,
    hex,
};

/// The parameters of one call, in order.
pub struct Parameters<'a> {
    chain: &'a Chain,
    values: &'a [Value],
}

impl<'a> Parameters<'a> {
    /// `values` as the call gave them; names of blocks are looked up in `chain`.
    pub fn new(chain: &'a Chain, values: &'a [Value]) -> Self {
        Self { chain, values }
    }

    /// The value at the place, if there is one that is not null.
    pub fn value(&self, place: usize) -> Option<&'a Value> {
        self.values.get(place).filter(|value| !value.is_null())
    }

    /// An address that must be there.
    pub fn address(&self, place: usize) -> Result<Address, RpcError> {
        self.text(place).and_then(hex::read_array).ok_or_else(|| RpcError::parameter(place, "an address of 20 bytes"))
    }

    /// A hash that must be there.
    pub fn hash(&self, place: usize) -> Result<Hash, RpcError> {
        self.text(place).and_then(hex::read_array).ok_or_else(|| RpcError::parameter(place, "a hash of 32 bytes"))
    }

    /// A quantity that must be there; clients also send plain numbers.
    pub fn quantity(&self, place: usize) -> Result<u64, RpcError> {
        let number = self.value(place).and_then(|value| match value {
            Value::String(text) => hex::read_quantity(text),
            other => other.as_u64(),
        });
        number.ok_or_else(|| RpcError::parameter(place, "a quantity such as 0x1f"))
    }

    /// True or false; `false` where it is absent.
    pub fn flag(&self, place: usize) -> Result<bool, RpcError> {
        self.value(place)
            .map_or(Ok(false), |value| value.as_bool().ok_or_else(|| RpcError::parameter(place, "true or false")))
    }

    /// The number that a block's name stands for, whether there is such a block or not; the last one's without a name.
    pub fn number(&self, place: usize) -> Result<u64, RpcError> {
        let named = |value| block_number(self.chain, value);
        self.value(place).map_or(Ok(self.chain.last()), |value| {
            named(value).ok_or_else(|| RpcError::parameter(place, "a block number, `latest`, `earliest` or `pending`"))
        })
    }

    /// A block that exists, by number, name, or an object with its number or hash (EIP-1898).
    pub fn block(&self, place: usize) -> Result<&'a Block, RpcError> {
        let by_hash = self.value(place).and_then(|value| value.get("blockHash"));
        let found = match (by_hash, self.value(place).and_then(|value| value.get("blockNumber"))) {
            (Some(hash), _) => hash.as_str().and_then(hex::read_array).and_then(|hash| self.chain.block_by_hash(&hash)),
            (None, Some(number)) => block_number(self.chain, number).and_then(|number| self.chain.block(number)),
            (None, None) => self.chain.block(self.number(place)?),
        };
        found.ok_or_else(|| RpcError::new(-32001, "block not found"))
    }

    fn text(&self, place: usize) -> Option<&'a str> {
        self.value(place).and_then(Value::as_str)
    }
}

/// The number of a block by its name: a quantity or one of the words.
pub fn block_number(chain: &Chain, name: &Value) -> Option<u64> {
    match name.as_str()? {
        "latest" | "pending" | "safe" | "finalized" => Some(chain.last()),
        "earliest" => Some(0),
        text => hex::read_quantity(text),
    }
}
