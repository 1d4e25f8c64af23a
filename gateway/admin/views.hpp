#pragma once
// The lists that operators ask for, from the configuration and an inspection. Never a secret.
#include <string_view>
#include <vector>

#include "actors/company.hpp"
#include "config/types.hpp"
#include "gateway/admin/key_view.hpp"

namespace troupe::admin {

using Actors = std::vector<actors::ActorInfo>;

/// {"actors":[…]} of one type (or all), numbers from high to low, names from a to z; by type and name without
/// `sort`.
Json actor_list(Actors actors, std::string_view type, std::string_view sort);
/// One actor with its detail.
Json actor_detail(const actors::ActorInfo& actor);
/// {"keys":[…]}, the shape of key_view.hpp.
Json key_list(const Actors& actors);
/// {"providers":[{name,type,base_url,keys,usable,in_flight,models}]}
Json provider_list(const config::Config& config, const Actors& actors);
/// {"models":[{name,strategy,targets,fallbacks,queued,…}]}
Json model_list(const config::Config& config, const Actors& actors);
/// {"tenants":[{name,keys:[names],models,limits}]}
Json tenant_list(const config::Config& config);
/// {"limits":[{scope,id,window,limit,used,resets_s}]}: keys and tenants as they stand; `used` is null
/// where a tenant's actor did not say.
Json limit_list(const config::Config& config, const Actors& actors);

}  // namespace troupe::admin
