#include "gateway/dialects/seal.hpp"

namespace troupe::dialects {

std::string write_seal(Dialect origin, std::string_view signature, Dialect own) {
  if (origin == own) return std::string(signature);
  return std::string(name(origin)).append("#").append(signature);
}

Seal read_seal(std::string_view written, Dialect own) {
  const auto mark = written.find('#');
  for (const auto dialect : kDialects) {
    if (mark != written.npos && written.substr(0, mark) == name(dialect))
      return {dialect, std::string(written.substr(mark + 1))};
  }
  return {own, std::string(written)};
}

}  // namespace troupe::dialects
