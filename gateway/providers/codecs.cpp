#include "gateway/providers/codecs.hpp"

#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/chat/codec.hpp"
#include "gateway/dialects/cohere/codec.hpp"
#include "gateway/dialects/converse/codec.hpp"
#include "gateway/dialects/gemini/codec.hpp"
#include "gateway/dialects/ollama/codec.hpp"
#include "gateway/dialects/responses/codec.hpp"

namespace troupe::providers {

const dialects::Codec& codec(dialects::Dialect dialect) {
  using dialects::Dialect;
  static const dialects::Codec none;
  switch (dialect) {
    case Dialect::chat:
      return dialects::chat::codec();
    case Dialect::responses:
      return dialects::responses::codec();
    case Dialect::anthropic:
      return dialects::anthropic::codec();
    case Dialect::gemini:
      return dialects::gemini::codec();
    case Dialect::converse:
      return dialects::converse::codec();
    case Dialect::cohere:
      return dialects::cohere::codec();
    case Dialect::ollama:
      return dialects::ollama::codec();
  }
  return none;
}

}  // namespace troupe::providers
