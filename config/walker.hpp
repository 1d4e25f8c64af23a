#pragma once
// Every knob is described once (describe_*.cpp); loading, showing, comparing, the reference page and the
// editor's schema are walkers over that one description, so that they cannot drift apart.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/types.hpp"

namespace troupe::config {

/// A field's name and manual.
struct Knob {
  std::string_view name;
  std::string_view what;         ///< what it does, one sentence
  std::string_view cost = {};    ///< what raising it (or setting it) costs
  bool required = false;         ///< an error when absent
  bool restart = false;          ///< a reload cannot change it
  std::string_view absent = {};  ///< what absence means where the default value does not say it
};

// What a value may be. Each refers to the field itself; ranges are inclusive.
struct Flag {
  bool* at;
};
struct Whole {
  std::int64_t* at;
  std::int64_t min, max;
};
struct Real {
  double* at;
  double min, max;
};
struct Share {
  double* at;
};
struct Span {
  Duration* at;
  Duration min, max;
};
struct Size {
  std::int64_t* at;
  std::int64_t min, max;
};
enum class TextKind : std::uint8_t { plain, address, url, proxy, path, virtual_key_hash, label, endpoint };
struct Text {
  std::string* at;
  TextKind kind = TextKind::plain;
};
struct Hidden {
  Secret* at;
  bool may_be_empty = false;
};
struct Choice {
  std::size_t* at;
  std::vector<std::string> names;
  std::vector<std::string> later;  ///< names of the contract that this version does not know yet
};
struct Texts {
  std::vector<std::string>* at;
  std::vector<std::string> choices;  ///< empty = free
  TextKind kind = TextKind::plain;
};
struct Headers {
  std::map<std::string, std::string>* at;
};
/// A map from names to texts that are no secrets.
struct Labels {
  std::map<std::string, std::string>* at;
};
/// A moment, as 2027-01-01T00:00:00Z or 2027-01-01.
struct Moment {
  std::optional<WallTime>* at;
};
/// Shares above 0, as [ 80%, 1.0 ].
struct Shares {
  std::vector<double>* at;
  double max;
};
/// Parts per million.
struct Rate {
  Ppm* at;
  Ppm min, max;
};
/// A map from node names to host:port.
struct AddressBook {
  std::map<std::string, std::string>* at;
};
struct Price {
  std::optional<Money>* at;
  std::string_view none = {};  ///< a word that stands for no price
};
/// "provider/model".
struct Use {
  Target* at;
};
/// "p95" or a duration.
struct HedgeAfter {
  Hedge* at;
};
using Value = std::variant<Flag, Whole, Real, Share, Span, Size, Rate, Text, Hidden, Choice, Texts, Headers,
                           AddressBook, Labels, Moment, Shares, Price, Use, HedgeAfter>;

class Walker;
using Describe = std::function<void(Walker&)>;

/// A struct inside a struct. `make` is called before `inner` when the section is there and may be absent.
struct Section {
  Describe inner;
  bool optional = false, present = true;
  std::function<void()> make = {};
};

/// Many structs of one kind: a map from names in the file, or a list.
struct Rows {
  bool named = false;
  std::vector<std::string> names;  ///< of the rows that exist; a list's rows by their `name`, or ""
  std::function<std::size_t(std::string name)> add;
  std::function<void(std::size_t row, Walker&)> visit;
  Describe sample;  ///< visits a row with nothing but defaults
};

class Walker {
 public:
  virtual ~Walker() = default;
  virtual void value(const Knob& knob, const Value& value) = 0;
  virtual void section(const Knob& knob, const Section& section) = 0;
  virtual void rows(const Knob& knob, const Rows& rows) = 0;
  /// A name of the contract that means nothing here; `instead` says what to do.
  virtual void refuse(std::string_view name, std::string_view instead) = 0;
  /// True when fields that do not apply (mock's on another type) are to be visited too.
  virtual bool everything() const { return false; }
};

void describe(Walker& walker, Config& config);

}  // namespace troupe::config
