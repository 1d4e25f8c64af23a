#include "config/show.hpp"

#include "config/address.hpp"
#include "config/measure.hpp"

namespace troupe::config {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kMasked = "***";

struct Shown {
  Json operator()(const Flag& it) const { return *it.at; }
  Json operator()(const Whole& it) const { return *it.at; }
  Json operator()(const Real& it) const { return *it.at; }
  Json operator()(const Share& it) const { return format_share(*it.at); }
  Json operator()(const Span& it) const { return format_duration(*it.at); }
  Json operator()(const Size& it) const { return format_size(*it.at); }
  Json operator()(const Rate& it) const { return format_ppm(*it.at); }
  Json operator()(const AddressBook& it) const { return it.at->empty() ? Json() : Json(*it.at); }
  Json operator()(const Labels& it) const { return it.at->empty() ? Json() : Json(*it.at); }
  Json operator()(const Moment& it) const { return *it.at ? Json(format_moment(**it.at)) : Json(); }
  Json operator()(const Shares& it) const {
    Json all;
    for (const auto share : *it.at) all.push_back(format_share(share));
    return all;
  }
  Json operator()(const Text& it) const {
    if (it.at->empty()) return {};
    return it.kind == TextKind::proxy ? without_user(*it.at) : *it.at;
  }
  Json operator()(const Hidden& it) const { return it.at->empty() ? Json() : Json(kMasked); }
  Json operator()(const Choice& it) const { return it.names.at(*it.at); }
  Json operator()(const Texts& it) const {
    // Of a list with given choices an empty one is a choice too.
    return it.at->empty() && it.choices.empty() ? Json() : Json(*it.at);
  }
  Json operator()(const Headers& it) const {
    Json all;
    for (const auto& header : *it.at) all[header.first] = kMasked;
    return all;
  }
  Json operator()(const Price& it) const { return *it.at ? Json(format_price(**it.at)) : Json(); }
  Json operator()(const Use& it) const {
    return it.at->provider.empty() ? Json() : Json(it.at->provider + "/" + it.at->model);
  }
  Json operator()(const HedgeAfter& it) const {
    return it.at->after ? format_duration(*it.at->after) : "p95";
  }
};

class Shower final : public Walker {
 public:
  explicit Shower(Json& out) : out_(&out) {}

  void value(const Knob& knob, const Value& value) override {
    auto json = shown(value);
    if (!json.is_null()) (*out_)[std::string(knob.name)] = std::move(json);
  }
  void section(const Knob& knob, const Section& section) override {
    if (section.present) into((*out_)[std::string(knob.name)], section.inner);
  }
  void rows(const Knob& knob, const Rows& rows) override {
    if (rows.names.empty()) return;
    auto& all = (*out_)[std::string(knob.name)];
    for (std::size_t at = 0; at < rows.names.size(); ++at) {
      if (!rows.named) all.push_back(Json::object());
      into(rows.named ? all[rows.names[at]] : all.back(), [&](Walker& inner) { rows.visit(at, inner); });
    }
  }
  void refuse(std::string_view /*name*/, std::string_view /*instead*/) override {}

 private:
  void into(Json& place, const Describe& visit) {
    place = Json::object();
    Shower inner(place);
    visit(inner);
  }

  Json* out_;
};

}  // namespace

Json shown(const Value& value) {
  return std::visit(Shown{}, value);
}

Json show(const Config& config) {
  Json out = Json::object();
  Shower shower(out);
  auto copy = config;
  describe(shower, copy);
  return out;
}

}  // namespace troupe::config
