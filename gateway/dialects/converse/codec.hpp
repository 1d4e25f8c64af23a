#pragma once
// AWS Bedrock's Converse and ConverseStream.
// Source: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::converse {

/// The model stands in the URL, so that a decoded request has none and an encoded one says none; whether it
/// streams is the URL's as well. Streams are in AWS event stream frames.
const Codec& codec();

}  // namespace troupe::dialects::converse
