#include "cluster/link/unpack.hpp"

#include <cstdint>
#include <msgpack.hpp>

namespace troupe::link {
namespace {

class Walk : public msgpack::null_visitor {
 public:
  explicit Walk(const UnpackLimits& limits) : limits_(limits) {}
  bool visit_nil() { return count(); }
  bool visit_boolean(bool) { return count(); }
  bool visit_positive_integer(std::uint64_t) { return count(); }
  bool visit_negative_integer(std::int64_t) { return count(); }
  bool visit_float32(float) { return count(); }
  bool visit_float64(double) { return count(); }
  bool visit_str(const char*, std::uint32_t n) { return count() && n <= limits_.text; }
  bool visit_bin(const char*, std::uint32_t n) { return count() && n <= limits_.text; }
  bool visit_ext(const char*, std::uint32_t n) { return count() && n <= limits_.text; }
  bool start_array(std::uint32_t n) { return count() && n <= limits_.array && ++depth_ <= limits_.depth; }
  bool start_map(std::uint32_t n) { return count() && n <= limits_.map && ++depth_ <= limits_.depth; }
  bool end_array() { return leave(); }
  bool end_map() { return leave(); }

 private:
  bool count() { return ++values_ <= limits_.values; }
  bool leave() {
    --depth_;
    return true;
  }

  const UnpackLimits& limits_;
  std::size_t depth_ = 0, values_ = 0;
};

}  // namespace

bool fit_to_unpack(std::string_view bytes, const UnpackLimits& limits) {
  Walk walk(limits);
  std::size_t used = 0;
  return msgpack::parse(bytes.data(), bytes.size(), used, walk) && used == bytes.size();
}

}  // namespace troupe::link
