#pragma once
// Which keys are more than a secret, and whom they stand for.
#include "config/environment.hpp"
#include "gateway/keeper/keepers.hpp"

namespace troupe::api {

/// Of Bedrock's keys: an access key, a profile, or, where the key says nothing, AWS' usual chain; of Vertex'
/// keys: a credential file as the secret, or Google's application default credentials. API keys, and all
/// other types, have none.
keeper::Keepers::MakeIdentity identities(config::Environment environment);

}  // namespace troupe::api
