#pragma once
// Errors are values.
#include <string>
#include <tl/expected.hpp>

#include "core/fault.hpp"

namespace troupe {

/// What went wrong, for a caller or an operator: never a secret, never prompt text. `param` names the
/// offending request field where there is one.
struct Error {
  Fault fault = Fault::troupe_internal;
  std::string message;
  std::string param;
  std::string code;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Fault fault, std::string message, std::string param = {},
                                  std::string code = {}) {
  return tl::unexpected<Error>(Error{fault, std::move(message), std::move(param), std::move(code)});
}

}  // namespace troupe
