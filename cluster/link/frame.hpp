#pragma once
// What travels on the link: a 4-byte big-endian length and one flat msgpack array whose first element is the
// kind.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace troupe::link {

/// The version that hello carries. Nodes of different versions refuse each other.
inline constexpr std::uint32_t kProtocol = 5;
/// The largest frame body, and the largest before the peer has said hello. More ends the connection.
inline constexpr std::size_t kFrameMax = std::size_t{4} << 20;
inline constexpr std::size_t kHelloMax = 4096;
/// The largest payload of a data frame: the kind and msgpack's own head need at most 7 bytes.
inline constexpr std::size_t kPayloadMax = kFrameMax - 7;
/// The longest name or address in a hello, in bytes.
inline constexpr std::size_t kNameMax = 253;

/// Who speaks: the first frame in each direction. `[0, version, cluster, node, incarnation, address, nonce]`;
/// what follows in later versions is ignored.
struct Hello {
  std::uint32_t version = kProtocol;
  std::string cluster;            ///< nodes of other clusters are refused
  std::string node;               ///< must be a DNS name of the certificate
  std::uint64_t incarnation = 0;  ///< of the node; a restarted node has a higher one
  std::string address;            ///< where others reach it, "host:port"
  std::uint64_t nonce = 0;        ///< drawn at start: tells two processes with one name apart
  bool operator==(const Hello&) const = default;
};

/// Why a node ends a connection. The numbers are on the wire.
enum class Parting : std::uint8_t {
  stopping = 0,    ///< the node shuts down, or no longer lists the peer
  version = 1,     ///< speaks another protocol version
  cluster = 2,     ///< belongs to another cluster
  name = 3,        ///< says a name that its certificate does not have
  unknown = 4,     ///< a good certificate, but nobody expects this name
  duplicate = 5,   ///< another connection between the same two processes survives
  name_taken = 6,  ///< a second process with a name that is connected already
  stale = 7,       ///< an older incarnation of a node that is connected already
  self = 8,        ///< has our own name
  garbled = 9,     ///< sent what is no frame
};

/// A sentence's end, such as "another protocol version"; total over Parting.
std::string_view words(Parting why);
/// What the operator of the refused node does about it; total over Parting.
std::string_view next_step(Parting why);

/// `[1, why, text]`; the text is for people, at most 200 bytes.
struct Goodbye {
  Parting why = Parting::stopping;
  std::string text;
  bool operator==(const Goodbye&) const = default;
};

/// `[2, at]`, answered at once by `[3, at, here]`: the asker's own monotonic nanoseconds, echoed, and the
/// answerer's.
struct Ping {
  std::uint64_t at = 0;
  bool operator==(const Ping&) const = default;
};
struct Pong {
  std::uint64_t at = 0, here = 0;
  bool operator==(const Pong&) const = default;
};

/// `[4, bin]`: opaque to the link. The view is into the parsed bytes.
struct Data {
  std::string_view payload;
  bool operator==(const Data&) const = default;
};

using Frame = std::variant<Hello, Goodbye, Ping, Pong, Data>;

/// Appends the frame with its length. The payload of Data must fit kPayloadMax; longer texts are cut.
void append(std::string& out, const Frame& frame);

/// One frame body, without its length. nullopt for anything but exactly one of the arrays above. A hello of
/// another version has only its version read.
std::optional<Frame> parse(std::string_view body);

}  // namespace troupe::link
