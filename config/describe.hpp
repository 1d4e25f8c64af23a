#pragma once
// The parts of the description, and what they are written with. Only describe_*.cpp include this.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/walker.hpp"

namespace troupe::config {

void describe(Walker& walker, Server& server);
void describe(Walker& walker, ServerLimits& limits);
void describe(Walker& walker, TlsFiles& files);
void describe(Walker& walker, ClusterConfig& cluster);
void describe(Walker& walker, ClusterTls& files);
void describe(Walker& walker, Limits& limits);
void describe(Walker& walker, Provider& provider);
void describe(Walker& walker, MockBehaviour& mock);
void describe(Walker& walker, Key& key);
void describe(Walker& walker, Breaker& breaker);
void describe(Walker& walker, Probes& probes);
void describe(Walker& walker, Model& model);
void describe(Walker& walker, Target& target);
void describe(Walker& walker, Retry& retry);
void describe(Walker& walker, Timeouts& timeouts);
void describe(Walker& walker, Hedge& hedge);
void describe(Walker& walker, Queue& queue);
void describe(Walker& walker, Tenant& tenant);
void describe(Walker& walker, Budget& budget);
void describe(Walker& walker, VirtualKey& key);
void describe(Walker& walker, NamedBudget& budget);
void describe(Walker& walker, Mirror& mirror);
void describe(Walker& walker, Caches& caches);
void describe(Walker& walker, ExactCache& cache);
void describe(Walker& walker, SemanticCache& cache);
void describe(Walker& walker, Batches& batches);
void describe(Walker& walker, Classifier& classifier);
void describe(Walker& walker, Telemetry& telemetry);
void describe(Walker& walker, Store& store);

// What else is to be said of a knob.
inline Knob required(Knob knob) {
  knob.required = true;
  return knob;
}
inline Knob restart(Knob knob) {
  knob.restart = true;
  return knob;
}
inline Knob absent(std::string_view meaning, Knob knob) {
  knob.absent = meaning;
  return knob;
}

template <class Integer>
void whole(Walker& walker, const Knob& knob, Integer& at, std::int64_t min, std::int64_t max) {
  auto number = static_cast<std::int64_t>(at);
  walker.value(knob, Whole{&number, min, max});
  at = static_cast<Integer>(number);
}

/// `names` in the order of the enumeration.
template <class Enum>
void choice(Walker& walker, const Knob& knob, Enum& at, std::vector<std::string> names,
            std::vector<std::string> later = {}) {
  auto index = static_cast<std::size_t>(at);
  walker.value(knob, Choice{&index, std::move(names), std::move(later)});
  at = static_cast<Enum>(index);
}

/// A text that must be one of `names`.
void choice_of_text(Walker& walker, const Knob& knob, std::string& at, std::vector<std::string> names);

template <class Part>
void section(Walker& walker, const Knob& knob, Part& part) {
  walker.section(knob, {[&part](Walker& inner) { describe(inner, part); }});
}

template <class Part>
void optional_section(Walker& walker, const Knob& knob, std::optional<Part>& part) {
  const bool present = part.has_value();
  Part sample{};
  const auto inner = [&](Walker& w) { describe(w, part ? *part : sample); };
  walker.section(knob, {inner, true, present, [&part] { part.emplace(); }});
}

/// Rows whose `name` field is the map's key (named) or a field of their own.
template <class Row, class Name>
void table(Walker& walker, const Knob& knob, bool named, std::vector<Row>& rows, Name name_of) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(name_of(row));
  const auto add = [&rows](std::string name) {
    rows.emplace_back();
    if constexpr (requires(Row & row) { row.name; }) {
      rows.back().name = std::move(name);
    }
    return rows.size() - 1;
  };
  const auto visit = [&rows](std::size_t row, Walker& w) { describe(w, rows[row]); };
  const auto sample = [](Walker& w) {
    Row row{};
    describe(w, row);
  };
  walker.rows(knob, {named, std::move(names), add, visit, sample});
}

}  // namespace troupe::config
