#pragma once
// Small builders of Prometheus metric families.
#include <prometheus/metric_family.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/admin/counters.hpp"

namespace troupe::admin {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// One family under construction; labels with empty values are left out.
class Family {
 public:
  Family(prometheus::MetricType type, std::string name, std::string help);
  Family& value(const Labels& labels, double value);
  template <std::size_t N>
  Family& histogram(const Labels& labels, const std::array<double, N>& bounds, const HistogramData<N>& data) {
    auto& made = row(labels).histogram;
    for (std::size_t i = 0; i <= N; ++i) {
      made.sample_count += data.counts[i];
      if (i < N) made.bucket.push_back({made.sample_count, bounds[i]});
    }
    made.sample_sum = data.sum;
    add_infinity(made);
    return *this;
  }
  bool empty() const { return family_.metric.empty(); }
  prometheus::MetricFamily take() { return std::move(family_); }

 private:
  prometheus::ClientMetric& row(const Labels& labels);
  static void add_infinity(prometheus::ClientMetric::Histogram& made);
  prometheus::MetricFamily family_;
};

Family counter(std::string name, std::string help);
Family gauge(std::string name, std::string help);
Family histogram(std::string name, std::string help);

}  // namespace troupe::admin
