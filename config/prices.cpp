#include "config/prices.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <algorithm>
#include <deque>
#include <unordered_map>

#include "config/embedded_prices.hpp"

namespace troupe::config {
namespace {

namespace dom = simdjson::dom;

/// Cuts "-2024-08-06", "@20240806", "-20241022", "-latest" off the end; false when there is none.
bool undated(std::string_view& model) {
  const auto shaped = [&](std::string_view shape) {
    return model.size() > shape.size() &&
           std::equal(shape.begin(), shape.end(), model.end() - static_cast<std::ptrdiff_t>(shape.size()),
                      [](char want, char c) {
                        if (want == '9') return c >= '0' && c <= '9';
                        return want == '@' ? c == '-' || c == '@' : c == want;
                      });
  };
  for (const std::string_view shape : {"-9999-99-99", "@99999999", "-latest"}) {
    if (!shaped(shape)) continue;
    model.remove_suffix(shape.size());
    return true;
  }
  return false;
}

class Catalogue final : public PriceCatalogue {
 public:
  const ModelInfo* find(std::string_view vendor, std::string_view model) const override {
    static constexpr std::string_view kTuned = "ft:";
    // "ft:gpt-4o-2024-08-06:org::id" costs what "ft:gpt-4o" costs, never what "gpt-4o" does.
    if (model.starts_with(kTuned)) model = model.substr(0, model.find(':', kTuned.size()));
    if (const auto* exact = lookup(vendor, model)) return exact;
    if (!undated(model)) return nullptr;
    if (const auto* plain = lookup(vendor, model)) return plain;
    return lookup(vendor, std::string(model) + "-latest");
  }

  void add(ModelInfo info) { models_.push_back(std::move(info)); }
  void index() {
    by_id_.reserve(2 * models_.size());
    for (const auto& model : models_) by_id_.emplace(model.id, &model);
  }
  /// A model's own entry goes before another's alias.
  void alias(std::string id, std::size_t row) { by_id_.emplace(std::move(id), &models_[row]); }
  std::size_t size() const { return models_.size(); }

 private:
  const ModelInfo* lookup(std::string_view vendor, std::string_view model) const {
    std::string id;
    id.reserve(vendor.size() + model.size() + 1);
    id.append(vendor).append(1, '/').append(model);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

  std::deque<ModelInfo> models_;
  std::unordered_map<std::string, const ModelInfo*> by_id_;
};

/// Leaves the parse with what is wrong in one row.
struct BadRow {
  std::string message;
};

std::int64_t whole(const dom::element& value, std::string_view field) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS || number < 0)
    throw BadRow{fmt::format("\"{}\" is no whole number from 0", field)};
  return number;
}

bool flag(const dom::element& value, std::string_view field) {
  bool answer = false;
  if (value.get(answer) != simdjson::SUCCESS) throw BadRow{fmt::format("\"{}\" is no boolean", field)};
  return answer;
}

template <class Prices>
bool price(std::string_view field, const dom::element& value, Prices& into) {
  std::optional<Money>* at = field == "input"          ? &into.input
                             : field == "output"       ? &into.output
                             : field == "cached_read"  ? &into.cached_read
                             : field == "cached_write" ? &into.cached_write
                                                       : nullptr;
  if (at != nullptr) *at = Money{whole(value, field)};
  return at != nullptr;
}

PriceTier read_tier(const dom::element& row) {
  dom::object fields;
  if (row.get(fields) != simdjson::SUCCESS) throw BadRow{"a tier is no object"};
  PriceTier tier;
  for (const auto field : fields) {
    if (field.key == "above")
      tier.above_input = Tokens{whole(field.value, field.key)};
    else if (!price(field.key, field.value, tier))
      throw BadRow{fmt::format("unknown field \"{}\" in a tier", field.key)};
  }
  return tier;
}

dom::array list(const dom::element& value, std::string_view field) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) throw BadRow{fmt::format("\"{}\" is no list", field)};
  return items;
}

/// One field of a model; false when nobody knows it.
bool read_field(std::string_view field, const dom::element& value, ModelInfo& info) {
  if (price(field, value, info)) return true;
  if (field == "reasoning")
    info.reasoning = Money{whole(value, field)};
  else if (field == "context")
    info.context_window = whole(value, field);
  else if (field == "max_output")
    info.max_output = whole(value, field);
  else if (field == "max_input")
    info.max_input = whole(value, field);
  else if (field == "vision")
    info.vision = flag(value, field);
  else if (field == "tools")
    info.tools = flag(value, field);
  else if (field == "json")
    info.json = flag(value, field);
  else if (field == "reasons")
    info.reasons = flag(value, field);
  else if (field == "tiers")
    for (const auto tier : list(value, field)) info.tiers.push_back(read_tier(tier));
  else
    return field == "aliases";
  return true;
}

using Aliases = std::vector<std::pair<std::string, std::size_t>>;

void read_model(std::string_view id, const dom::element& value, Catalogue& into, Aliases& aliases) {
  dom::object fields;
  const auto slash = id.find('/');
  if (value.get(fields) != simdjson::SUCCESS) throw BadRow{"no object"};
  if (slash == std::string_view::npos) throw BadRow{"a name without its vendor"};
  ModelInfo info;
  info.id = id;
  for (const auto field : fields) {
    if (!read_field(field.key, field.value, info))
      throw BadRow{fmt::format("unknown field \"{}\"", field.key)};
    if (field.key != "aliases") continue;
    for (const auto alias : list(field.value, field.key)) {
      std::string_view name;
      if (alias.get(name) != simdjson::SUCCESS) throw BadRow{"an alias is no text"};
      aliases.emplace_back(std::string(id.substr(0, slash + 1)).append(name), into.size());
    }
  }
  into.add(std::move(info));
}

tl::unexpected<Error> bad(std::string message) {
  return fail(Fault::troupe_internal, "price catalogue: " + std::move(message));
}

}  // namespace

Result<std::shared_ptr<const PriceCatalogue>> PriceCatalogue::parse(std::string_view json) {
  dom::parser parser;
  dom::element root;
  dom::object models;
  std::int64_t format = 0;
  if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS)
    return bad(simdjson::error_message(error));
  if (root["format"].get(format) != simdjson::SUCCESS || format != 1) return bad("\"format\" is not 1");
  if (root["models"].get(models) != simdjson::SUCCESS) return bad("\"models\" is no object");
  auto made = std::make_shared<Catalogue>();
  Aliases aliases;
  for (const auto field : models) {
    try {
      read_model(field.key, field.value, *made, aliases);
    } catch (const BadRow& row) {
      return bad(fmt::format("models[\"{}\"]: {}", field.key, row.message));
    }
  }
  made->index();
  for (auto& [id, row] : aliases) made->alias(std::move(id), row);
  return made;
}

std::shared_ptr<const PriceCatalogue> PriceCatalogue::embedded() {
  // A catalogue that does not parse is a broken build: tests load it.
  static const auto catalogue = parse(embedded_prices()).value_or(std::make_shared<const Catalogue>());
  return catalogue;
}

}  // namespace troupe::config
