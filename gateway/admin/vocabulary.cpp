#include "gateway/admin/vocabulary.hpp"

#include "gateway/admin/label_table.hpp"

namespace troupe::admin {

Vocabulary::Vocabulary(const config::Config& config) {
  for (const auto& model : config.models) {
    models_.insert(model.name);
    for (const auto& target : model.targets) {
      models_.insert(target.model);
      models_.insert(target.provider + "/" + target.model);
    }
  }
}

std::string_view ModelLabels::label(const Vocabulary& known, std::string_view name, bool answered) {
  if (known.has_model(name) || learned_.contains(name)) return name;
  if (!answered || name.empty() || name.size() > 128 || learned_.size() >= kLearned) return kOther;
  learned_.emplace(name);
  return name;
}

}  // namespace troupe::admin
