//! Overrides in every place where a node takes them, and calls inside of calls.

use crate::contract::{
    Reason,
    tests::{
        Want::{No, Nothing, Only},
        check,
    },
};

#[test]
fn an_override_is_unclear_wherever_it_stands() {
    let code = r#"{"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":{"code":"0x6000"}}"#;
    for (method, params, is_open) in [
        ("eth_call", r#"[{"to":$a},"latest",$o]"#, true),
        ("eth_call", r#"[{"to":$a},"latest",null,$o]"#, true),
        ("eth_call", r#"[{"to":$a},"latest",{},{},$o]"#, true),
        ("eth_call", r#"[{"to":$a,"stateOverrides":$o}]"#, true),
        ("eth_call", r#"[{"to":$a,"authorizationList":$o}]"#, true),
        ("eth_estimateGas", r#"[{"to":$a},"latest",$o]"#, true),
        ("eth_createAccessList", r#"[{"to":$a},"latest",$o]"#, true),
        ("eth_sendTransaction", r#"[{"to":$a,"authorizationList":$o}]"#, true),
        ("eth_callMany", r#"[[{"transactions":[{"to":$a}]}],{},$o]"#, true),
        ("eth_callMany", r#"[[{"transactions":[{"to":$a}],"blockOverride":$o}],{}]"#, true),
        ("eth_multicall", r#"[[{"to":$a}],"latest",$o]"#, true),
        ("eth_simulateV1", r#"[{"blockStateCalls":[{"stateOverrides":$o,"calls":[{"to":$a}]}]},"latest"]"#, true),
        ("eth_simulateV1", r#"[{"blockStateCalls":[{"blockOverrides":$o,"calls":[{"to":$a}]}]},"latest"]"#, true),
        ("eth_simulateV1", r#"[{"blockStateCalls":[{"calls":[{"to":$a}]}]},"latest",$o]"#, true),
        ("debug_traceCall", r#"[{"to":$a},"latest",{"stateOverrides":$o}]"#, true),
        ("debug_traceCall", r#"[{"to":$a},"latest",{"blockOverrides":$o}]"#, true),
        ("debug_traceCallMany", r#"[[{"transactions":[{"to":$a}]}],{},{"stateOverrides":$o}]"#, true),
        ("debug_traceCallMany", r#"[[{"transactions":[{"to":$a}],"blockOverride":$o}],{}]"#, true),
        ("trace_call", r#"[{"to":$a},["trace"],"latest",$o]"#, true),
        ("trace_callMany", r#"[[[{"to":$a},["trace"]]],"latest",$o]"#, true),
        ("trace_callMany", r#"[[[{"to":$a},["trace"],$o]],"latest"]"#, true),
        ("eth_sendUserOperation", r#"[{"sender":$a,"eip7702Auth":$o},$a]"#, true),
        ("eth_estimateUserOperationGas", r#"[{"sender":$a},$a,$o]"#, true),
        // A block is not an override, whatever it says.
        ("eth_call", r#"[{"to":$a},$o]"#, false),
    ] {
        for (value, is_empty) in
            [(code, false), ("[{}]", false), (r#""0x""#, false), ("null", true), ("{}", true), ("[]", true)]
        {
            let want = if is_open && !is_empty { No(Reason::Override) } else { Only("a") };
            check(&[(method, &params.replace("$o", value), want)]);
        }
    }
}

#[test]
fn calls_inside_calls() {
    check(&[
        ("eth_createAccessList", r#"[{"to":$a},"latest"]"#, Only("a")),
        ("eth_getProof", r#"[$a,["0x0"],"latest"]"#, Only("a")),
        (
            "eth_simulateV1",
            r#"[{"blockStateCalls":[{"calls":[{"to":$a},{"to":$b}]},{"calls":[{"to":$c}]}]}]"#,
            Only("abc"),
        ),
        ("eth_simulateV1", r#"[{"blockStateCalls":[{"calls":[{"to":$a},{"data":"0x"}]}]}]"#, No(Reason::Creation)),
        ("eth_simulateV1", r#"[{"blockStateCalls":[]}]"#, No(Reason::NoAddress)),
        ("eth_simulateV1", r#"[{"calls":[{"to":$a}]}]"#, No(Reason::NoAddress)),
        (
            "eth_simulateV1",
            r#"[{"blockStateCalls":[{"calls":[{"to":$a}]}],"BlockStateCalls":[{"calls":[{"to":$b}]}]}]"#,
            No(Reason::Ambiguous),
        ),
        (
            "eth_callMany",
            r#"[[{"transactions":[{"to":$a},{"to":$b}]},{"transactions":[{"to":$c}]}],{"blockNumber":"latest"}]"#,
            Only("abc"),
        ),
        ("eth_callMany", r#"[[{"transactions":[{"to":$a}]}],{},{},5000]"#, Only("a")),
        ("eth_callMany", r#"[[{"transactions":[{}]}]]"#, No(Reason::Creation)),
        ("eth_callMany", r#"[[{"transactions":[]}]]"#, No(Reason::NoAddress)),
        ("eth_callMany", r#"[[{"transactions":[{"transactions":[{"to":$a}]}]}]]"#, No(Reason::Shape)),
        ("eth_multicall", r#"[[{"to":$a},{"to":$b}],"latest"]"#, Only("ab")),
        ("eth_multicall", r#"[[{"calls":[{"to":$a}]}],"latest"]"#, Only("a")),
        ("eth_multicall", r#"[{"blockStateCalls":[{"calls":[{"to":$a}]}]},"latest"]"#, Only("a")),
        ("debug_traceCall", r#"[{"to":$a},"latest"]"#, Only("a")),
        ("debug_traceCall", r#"[{"to":$a},"latest",null]"#, Only("a")),
        (
            "debug_traceCall",
            r#"[{"to":$a},"latest",{"tracer":"prestateTracer","tracerConfig":{"diffMode":true}}]"#,
            Only("a"),
        ),
        (
            "debug_traceCall",
            r#"[{"to":$a},"latest",{"tracer":"{result:function(){return db.getBalance(b)}}"}]"#,
            No(Reason::Tracer),
        ),
        (
            "debug_traceCall",
            r#"[{"to":$a},"latest",{"tracer":"muxTracer","tracerConfig":{"{}":{}}}]"#,
            No(Reason::Tracer),
        ),
        ("debug_traceCall", r#"[{"data":"0x"},"latest"]"#, No(Reason::Creation)),
        ("debug_traceCallMany", r#"[[{"transactions":[{"to":$a}]}],{},{"tracer":"callTracer"}]"#, Only("a")),
        ("debug_traceCallMany", r#"[[{"to":$a},{"to":$b}],"latest"]"#, Only("ab")),
        ("debug_traceCallMany", r#"[[{"to":$a}],"latest",{"tracer":"x"}]"#, No(Reason::Tracer)),
        ("trace_call", r#"[{"to":$a},["trace","stateDiff"],"latest"]"#, Only("a")),
        ("trace_call", r#"[{},["trace"],"latest"]"#, No(Reason::Creation)),
        ("trace_callMany", r#"[[[{"to":$a},["trace"]],[{"to":$b},["vmTrace"]]],"latest"]"#, Only("ab")),
        ("trace_callMany", r#"[[[{"to":$a},["trace"]],[]],"latest"]"#, Only("a")),
        ("trace_callMany", r#"[[{"to":$a}]]"#, No(Reason::Shape)),
        ("eth_sendTransaction", r#"[{"from":$b,"to":$a}]"#, Only("a")),
        ("eth_sendTransaction", r#"[{"from":$b,"data":"0x6000"}]"#, No(Reason::Creation)),
        ("eth_signTransaction", r#"[{"to":$a}]"#, Only("a")),
    ]);
}

#[test]
fn user_operations() {
    check(&[
        ("eth_sendUserOperation", r#"[{"sender":$a,"callData":"0x"},$e]"#, Only("ae")),
        ("eth_sendUserOperation", r#"[{"sender":$a,"factory":$b,"paymaster":$c},$e]"#, Only("abce")),
        ("eth_sendUserOperation", r#"[{"sender":$a,"factory":null,"paymaster":null},$e]"#, Only("ae")),
        (
            "eth_sendUserOperation",
            r#"[{"sender":$a,"initCode":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb01","paymasterAndData":"0xccccccccccccccccccccccccccccccccccccccccff"},$e]"#,
            Only("abce"),
        ),
        ("eth_sendUserOperation", r#"[{"sender":$a,"initCode":"0x","paymasterAndData":"0x"},$e]"#, Only("ae")),
        ("eth_sendUserOperation", r#"[{"sender":$a,"paymasterAndData":"0xcccc"},$e]"#, No(Reason::NotAnAddress)),
        ("eth_sendUserOperation", r#"[{"sender":$a,"factory":"0x7702"},$e]"#, No(Reason::NotAnAddress)),
        ("eth_sendUserOperation", r#"[{"sender":$a,"Paymaster":$b},$e]"#, No(Reason::Ambiguous)),
        ("eth_sendUserOperation", r#"[{"sender":$a}]"#, No(Reason::NoAddress)),
        ("eth_sendUserOperation", r#"[{"factory":$a},$e]"#, No(Reason::NoAddress)),
        ("eth_sendUserOperation", r#"[{"sender":$a},null]"#, No(Reason::NotAnAddress)),
        ("eth_getUserOperationReceipt", r#"["0x01"]"#, Nothing),
    ]);
}
