#pragma once
// One answer out of what several nodes said to the same question.
#include <string>
#include <vector>

#include "gateway/admin/key_view.hpp"

namespace troupe::admin {

/// What one node said; `document` is null where it said nothing, and `why` says why.
struct NodeDocument {
  std::string node;
  Json document;
  std::string why;
};

/// The rows of all, each with its "node", under the name that they have in the documents; recent requests
/// by time; permit shares of one limit in one row, with the account of the node in office. "nodes" lists who
/// was asked and whether it answered, "missing" names those who did not.
Json merge(std::vector<NodeDocument> parts);

}  // namespace troupe::admin
