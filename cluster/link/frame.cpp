#include "cluster/link/frame.hpp"

#include <algorithm>
#include <array>
#include <msgpack.hpp>

#include "core/utf8.hpp"

namespace troupe::link {
namespace {

constexpr std::size_t kTextMax = 200;
constexpr std::size_t kFieldsMax = 16;
enum Kind : std::uint8_t { kHello, kGoodbye, kPing, kPong, kData };

using Field = std::variant<std::monostate, std::uint64_t, std::string_view>;

/// Collects the elements of one flat array: views, no allocation. Anything nested, negative or fractional
/// ends the parse, so that depth and size need no further limit.
class Flat : public msgpack::null_visitor {
 public:
  bool start_array(std::uint32_t n) {
    if (open_ || n == 0 || n > kFieldsMax) return false;
    return open_ = true;
  }
  bool visit_positive_integer(std::uint64_t value) { return add(value); }
  bool visit_str(const char* at, std::uint32_t n) { return add(std::string_view(at, n)); }
  bool visit_bin(const char* at, std::uint32_t n) { return add(std::string_view(at, n)); }
  bool visit_nil() { return false; }
  bool visit_boolean(bool) { return false; }
  bool visit_negative_integer(std::int64_t) { return false; }
  bool visit_float32(float) { return false; }
  bool visit_float64(double) { return false; }
  bool visit_ext(const char*, std::uint32_t) { return false; }
  bool start_map(std::uint32_t) { return false; }

  std::size_t size() const { return count_; }
  std::optional<std::uint64_t> number(std::size_t i) const {
    const auto* value = i < count_ ? std::get_if<std::uint64_t>(&fields_[i]) : nullptr;
    return value ? std::optional(*value) : std::nullopt;
  }
  std::optional<std::string_view> text(std::size_t i, std::size_t max) const {
    const auto* value = i < count_ ? std::get_if<std::string_view>(&fields_[i]) : nullptr;
    return value && value->size() <= max ? std::optional(*value) : std::nullopt;
  }

 private:
  bool add(Field field) {
    if (!open_ || count_ == kFieldsMax) return false;
    fields_[count_++] = field;
    return true;
  }

  std::array<Field, kFieldsMax> fields_;
  std::size_t count_ = 0;
  bool open_ = false;
};

std::optional<Frame> read_hello(const Flat& f) {
  const auto version = f.number(1);
  if (!version || *version > 0xffffffff) return std::nullopt;
  Hello hello;
  hello.version = static_cast<std::uint32_t>(*version);
  if (hello.version != kProtocol) return hello;
  const auto cluster = f.text(2, kNameMax), node = f.text(3, kNameMax), address = f.text(5, kNameMax + 8);
  const auto incarnation = f.number(4), nonce = f.number(6);
  if (!cluster || !node || node->empty() || !incarnation || !address || !nonce) return std::nullopt;
  if (!valid_utf8(*cluster) || !valid_utf8(*node) || !valid_utf8(*address)) return std::nullopt;
  hello.cluster = *cluster;
  hello.node = *node;
  hello.incarnation = *incarnation;
  hello.address = *address;
  hello.nonce = *nonce;
  return hello;
}

std::optional<Frame> read_goodbye(const Flat& f) {
  const auto why = f.number(1);
  const auto text = f.text(2, kTextMax);
  if (!why || !text || f.size() != 3) return std::nullopt;
  // A reason that we do not know yet is still a goodbye.
  const auto last = static_cast<std::uint64_t>(Parting::garbled);
  return Goodbye{*why > last ? Parting::stopping : static_cast<Parting>(*why), std::string(*text)};
}

std::optional<Frame> read_fields(const Flat& f) {
  const auto kind = f.number(0);
  if (!kind) return std::nullopt;
  const auto number = f.number(1);
  switch (*kind) {
    case kHello:
      return read_hello(f);
    case kGoodbye:
      return read_goodbye(f);
    case kPing:
      return number && f.size() == 2 ? std::optional<Frame>(Ping{*number}) : std::nullopt;
    case kPong:
      return number && f.number(2) && f.size() == 3 ? std::optional<Frame>(Pong{*number, *f.number(2)})
                                                    : std::nullopt;
    case kData: {
      const auto payload = f.text(1, kPayloadMax);
      return payload && f.size() == 2 ? std::optional<Frame>(Data{*payload}) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

/// msgpack's stream: appends to a string that is there already.
struct Sink {
  std::string& out;
  void write(const char* at, std::size_t n) { out.append(at, n); }
};
using Packer = msgpack::packer<Sink>;

void pack_text(Packer& p, std::string_view text, std::size_t max) {
  const auto n = static_cast<std::uint32_t>(std::min(text.size(), max));
  p.pack_str(n);
  p.pack_str_body(text.data(), n);
}

struct Pack {
  Packer& p;
  void operator()(const Hello& h) const {
    p.pack_array(7).pack_uint8(kHello).pack_uint32(h.version);
    pack_text(p, h.cluster, kNameMax);
    pack_text(p, h.node, kNameMax);
    p.pack_uint64(h.incarnation);
    pack_text(p, h.address, kNameMax + 8);
    p.pack_uint64(h.nonce);
  }
  void operator()(const Goodbye& g) const {
    p.pack_array(3).pack_uint8(kGoodbye).pack_uint8(static_cast<std::uint8_t>(g.why));
    pack_text(p, g.text, kTextMax);
  }
  void operator()(const Ping& ping) const { p.pack_array(2).pack_uint8(kPing).pack_uint64(ping.at); }
  void operator()(const Pong& pong) const {
    p.pack_array(3).pack_uint8(kPong).pack_uint64(pong.at).pack_uint64(pong.here);
  }
  void operator()(const Data& data) const {
    const auto n = static_cast<std::uint32_t>(std::min(data.payload.size(), kPayloadMax));
    p.pack_array(2).pack_uint8(kData);
    p.pack_bin(n);
    p.pack_bin_body(data.payload.data(), n);
  }
};

}  // namespace

std::string_view words(Parting why) {
  switch (why) {
    case Parting::stopping:
      return "it is leaving";
    case Parting::version:
      return "another protocol version";
    case Parting::cluster:
      return "another cluster's name";
    case Parting::name:
      return "a node name that the certificate does not have";
    case Parting::unknown:
      return "a node name that nobody expects";
    case Parting::duplicate:
      return "another connection between the two nodes survives";
    case Parting::name_taken:
      return "a second node with this name and incarnation";
    case Parting::stale:
      return "an older incarnation of a node that is connected";
    case Parting::self:
      return "the name of the node that it speaks to";
    case Parting::garbled:
      return "bytes that are no frame";
  }
  return "an unknown reason";
}

std::string_view next_step(Parting why) {
  switch (why) {
    case Parting::version:
      return "run the same version of troupe on every node";
    case Parting::cluster:
      return "it belongs elsewhere: look at cluster.voters and cluster.join";
    case Parting::name:
      return "make this node's certificate for its own name: `troupe cluster certs`";
    case Parting::unknown:
      return "the cluster is full, or does not take this name";
    case Parting::name_taken:
    case Parting::stale:
      return "another process runs under this name: stop one, or give this node a name of its own";
    case Parting::self:
      return "the address is this node's own, or two nodes have one name";
    case Parting::stopping:
    case Parting::duplicate:
      return "nothing: it is dialled again";
    case Parting::garbled:
      return "is that port the cluster's link, and both nodes the same version?";
  }
  return "look at its log";
}

void append(std::string& out, const Frame& frame) {
  const auto start = out.size();
  out.append(4, '\0');
  Sink sink{out};
  Packer packer(sink);
  std::visit(Pack{packer}, frame);
  const auto n = static_cast<std::uint32_t>(out.size() - start - 4);
  for (unsigned i = 0; i < 4; ++i) out[start + i] = static_cast<char>(n >> (24 - 8 * i));
}

std::optional<Frame> parse(std::string_view body) {
  Flat flat;
  std::size_t used = 0;
  const bool whole = msgpack::parse(body.data(), body.size(), used, flat) && used == body.size();
  if (whole) return read_fields(flat);
  // A hello of a version that we do not know may go on with anything.
  if (flat.number(0) == std::uint64_t{kHello} && flat.number(1) && flat.number(1) != std::uint64_t{kProtocol})
    return read_hello(flat);
  return std::nullopt;
}

}  // namespace troupe::link
