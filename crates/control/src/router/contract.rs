//! What the description says of every operation alike: who it is by, what a refusal looks like, and the key under which a POST is
//! done once.

use domain::idempotency::MAX_KEY;
use utoipa::openapi::{
    Content, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder, ServerBuilder, Type,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
};

/// The media type of refusals (RFC 9457).
const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";

/// The whole description, from what the routes say; `base` is where the API begins.
pub fn finished(mut description: OpenApi, base: &str) -> OpenApi {
    for item in description.paths.paths.values_mut() {
        if let Some(post) = &mut item.post {
            post.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
        }
        for operation in operations(item) {
            tell_refusals(operation);
        }
    }
    let info = InfoBuilder::new()
        .title("Keyward")
        .version("1")
        .description(Some(
            "Sharing API access inside a team. All times are RFC 3339 in UTC, all ids have a prefix that tells their noun. \
             Errors are problem details (RFC 9457) with a `code` that stays. A person's requests carry the cookie of a session, \
             a program's an access token. A POST under an `Idempotency-Key` is done once.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    OpenApiBuilder::from(description).info(info).servers(Some([ServerBuilder::new().url(base).build()])).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// Every operation can be refused, with a problem; those that it names are of that form too.
fn tell_refusals(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let (false, RefOr::T(response)) = (status.starts_with('2'), response)
            && let Some(content) = response.content.shift_remove(JSON)
        {
            response.content.insert(PROBLEM.to_owned(), content);
        }
    }
    operation.responses.responses.entry("default".to_owned()).or_insert_with(|| RefOr::T(refusal()));
}

fn refusal() -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description("Why it was not done").content(PROBLEM, content).build()
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX_KEY));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Sent again under the same key within a day, the request is done once and answered the same.",
        ))
        .schema(Some(text.pattern(Some("^[!-~]+$"))))
        .build()
}
