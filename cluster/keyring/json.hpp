#pragma once
// Records as JSON: in stores, and for people.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "cluster/keyring/record.hpp"

namespace troupe::keyring {

/// The whole record, for a store.
nlohmann::json to_json(const Record& record);
/// nullopt for anything that is no whole record.
std::optional<Record> from_json(std::string_view text);

/// As people see it at `now`: no hash; {"id","tenant","name","prefix","state":"active"|"expired"|"revoked",
/// "created","expires","revoked","rotated","former":[{prefix,until}],"models",…}; times as RFC 3339.
nlohmann::json shown(const Record& record, Millis now);
/// "2027-01-01T00:00:00Z"
std::string rfc3339(Millis at);

}  // namespace troupe::keyring
