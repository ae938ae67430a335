//! The catalogue that commands work with: the APIs and plans that the store holds.
//!
//! A server publishes its file when it starts. So that commands can be used before the first start, the first of them
//! that needs the catalogue publishes the file; later ones leave the store's as it is, and `plan publish` brings it up.

use domain::{
    api::Api,
    name::{ApiName, PlanName},
    plan::{Plan, rate_below_dearest},
    subscription::Subscription,
    time::Timestamp,
};
use store::Tx;

use super::failure::Failure;
use crate::{clock, config::Config};

/// What is on offer.
pub struct Catalogue {
    /// The APIs.
    pub apis: Vec<Api>,
    /// The plans.
    pub plans: Vec<Plan>,
}

/// `API=PLAN` on a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The API.
    pub api: ApiName,
    /// The plan to be under.
    pub plan: PlanName,
}

impl std::str::FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (api, plan) = text.split_once('=').ok_or_else(|| format!("`{text}` is not of the form API=PLAN"))?;
        let api = api.parse().map_err(|refusal: domain::name::NotAName| refusal.to_string())?;
        let plan = plan.parse().map_err(|refusal: domain::name::NotAName| refusal.to_string())?;
        Ok(Choice { api, plan })
    }
}

impl Catalogue {
    /// The store's catalogue; published from the file if there never was one.
    pub async fn load(tx: &Tx, config: &Config, now: Timestamp) -> Result<Catalogue, Failure> {
        if store::publication::version(tx).await? == 0 {
            let (apis, plans) = config.catalogue();
            store::publication::publish(tx, &apis, &plans, now, &mut clock::entropy_of_id).await?;
        }
        Ok(Catalogue { apis: store::api::list(tx).await?, plans: store::plan::list(tx).await? })
    }

    /// The plan of each API for a new account: as chosen, else the API's default; an API with neither is left out.
    pub fn plans_for(&self, choices: &[Choice]) -> Result<Vec<Choice>, Failure> {
        if let Some((index, twice)) = choices
            .iter()
            .enumerate()
            .find(|(index, choice)| choices[..*index].iter().any(|before| before.api == choice.api))
        {
            let what = format!(
                "two plans are given for {}: {} and {}",
                twice.api,
                choices[..index]
                    .iter()
                    .find(|before| before.api == twice.api)
                    .map_or("", |before| before.plan.as_str()),
                twice.plan
            );
            return Err(Failure::refused(what, "an account has one subscription for each API"));
        }
        choices.iter().try_for_each(|choice| self.check(choice))?;
        let defaults = self.apis.iter().filter(|api| !choices.iter().any(|choice| choice.api == api.name));
        let defaults =
            defaults.filter_map(|api| Some(Choice { api: api.name.clone(), plan: api.default_plan.clone()? }));
        Ok(choices.iter().cloned().chain(defaults).collect())
    }

    /// That API and plan are there, and that the plan can serve the API's dearest call.
    pub fn check(&self, choice: &Choice) -> Result<(), Failure> {
        let nothing =
            |what, text: &str, list| Failure::Nothing { what, text: text.to_owned(), place: String::new(), list };
        let api = self.apis.iter().find(|api| api.name == choice.api);
        let api = api.ok_or_else(|| nothing("API", choice.api.as_str(), "keyward plan list"))?;
        let plan = self.plans.iter().find(|plan| plan.name == choice.plan);
        let plan = plan.ok_or_else(|| nothing("plan", choice.plan.as_str(), "keyward plan list"))?;
        match rate_below_dearest(plan, &api.prices) {
            None => Ok(()),
            Some((rate, dearest)) => Err(Failure::refused(
                format!(
                    "plan {} allows {} credits per {}, but the dearest call of {} costs {dearest}",
                    plan.name, rate.limit, rate.per, api.name
                ),
                "choose a plan with a higher rate",
            )),
        }
    }

    /// The plans of these subscriptions.
    pub fn plans_of<'c>(&'c self, subscriptions: &'c [Subscription]) -> impl Iterator<Item = &'c Plan> {
        subscriptions.iter().filter_map(|subscription| self.plans.iter().find(|plan| plan.name == subscription.plan))
    }
}
