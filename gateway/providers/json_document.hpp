#pragma once
// Answers and frames as simdjson documents, by the short name that this room uses.
#include "gateway/dialects/document.hpp"

namespace troupe::providers {
namespace json = dialects::doc;
}
