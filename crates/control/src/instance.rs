//! Instance: what this installation tells everybody: where it is, and what it serves.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, Registration};

/// What this installation tells everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Instance {
    /// The version of the program.
    version: &'static str,
    /// Where people reach the dashboard.
    public_url: String,
    /// Where programs reach the gateway.
    gateway_url: String,
    /// Who may become a person by themselves.
    registration: RegistrationMode,
    /// Where people turn to who runs this installation: a mail address or a page.
    contact: Option<String>,
    /// Whether mails are sent; otherwise the operator reads them in the outbox.
    has_mail: bool,
    /// Whether this is the demo.
    is_demo: bool,
    /// The APIs.
    apis: Vec<InstanceApi>,
}

/// Who may become a person by themselves.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RegistrationMode {
    /// Everybody.
    Open,
    /// Who is invited.
    Invitation,
    /// Nobody.
    Closed,
}

/// An API that the gateway serves.
#[derive(Debug, Serialize, ToSchema)]
struct InstanceApi {
    /// Its name.
    name: String,
    /// What people call it.
    title: String,
    /// `rest` or `json-rpc`.
    protocol: &'static str,
    /// Its networks.
    networks: Vec<String>,
    /// Where callers point: one for each network, or one. `{key}` stands where the value goes, if it goes into the path.
    base_urls: Vec<String>,
    /// The header that takes the value, if one does.
    key_header: Option<String>,
    /// A path below the base, or a method, that is worth a try.
    example: String,
}

/// What this installation is; for everybody.
#[utoipa::path(get, path = "/instance", tag = "instance", responses((status = 200, body = Instance)))]
pub async fn get_instance(State(app): State<Arc<App>>) -> Json<Instance> {
    let settings = &app.settings;
    let apis = settings.apis.iter().map(|api| InstanceApi {
        name: api.name.clone(),
        title: api.title.clone(),
        protocol: api.protocol,
        networks: api.networks.clone(),
        base_urls: api.base_urls.clone(),
        key_header: api.key_header.clone(),
        example: api.example.clone(),
    });
    Json(Instance {
        version: settings.version,
        public_url: settings.public_url.clone(),
        gateway_url: settings.gateway_url.clone(),
        registration: match settings.registration {
            Registration::Open => RegistrationMode::Open,
            Registration::Invitation => RegistrationMode::Invitation,
            Registration::Closed => RegistrationMode::Closed,
        },
        contact: settings.contact.clone(),
        has_mail: settings.has_mail,
        is_demo: settings.is_demo,
        apis: apis.collect(),
    })
}
