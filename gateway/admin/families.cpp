#include "gateway/admin/families.hpp"

#include <limits>

namespace troupe::admin {

Family::Family(prometheus::MetricType type, std::string name, std::string help) {
  family_.type = type;
  family_.name = std::move(name);
  family_.help = std::move(help);
}

prometheus::ClientMetric& Family::row(const Labels& labels) {
  auto& made = family_.metric.emplace_back();
  for (const auto& [name, value] : labels)
    if (!value.empty()) made.label.push_back({std::string(name), std::string(value)});
  return made;
}

Family& Family::value(const Labels& labels, double value) {
  auto& made = row(labels);
  if (family_.type == prometheus::MetricType::Counter) {
    made.counter.value = value;
  } else {
    made.gauge.value = value;
  }
  return *this;
}

void Family::add_infinity(prometheus::ClientMetric::Histogram& made) {
  made.bucket.push_back({made.sample_count, std::numeric_limits<double>::infinity()});
}

Family counter(std::string name, std::string help) {
  return {prometheus::MetricType::Counter, std::move(name), std::move(help)};
}

Family gauge(std::string name, std::string help) {
  return {prometheus::MetricType::Gauge, std::move(name), std::move(help)};
}

Family histogram(std::string name, std::string help) {
  return {prometheus::MetricType::Histogram, std::move(name), std::move(help)};
}

}  // namespace troupe::admin
