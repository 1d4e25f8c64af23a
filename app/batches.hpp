#pragma once
// Files and batches of this node, between the API, the cluster and the I/O threads.
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cluster/engine/engine.hpp"
#include "config/types.hpp"
#include "core/result.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/api/worker.hpp"
#include "gateway/batch/front.hpp"

namespace troupe::app {

class Batches {
 public:
  struct Options {
    std::shared_ptr<const config::Config> config;
    std::string node;
    cluster::Engine* cluster = nullptr;  ///< nullptr: a node on its own
    std::vector<api::Worker*> workers;   ///< lines are called on their threads, in turn
  };
  /// Without store.path everything is refused with words. The service's thread begins at once.
  static Result<std::unique_ptr<Batches>> start(Options options);

  const batch::Front& front() const { return *front_; }
  /// Fills AdminContext::batches and AdminContext::batch_figures.
  void show(admin::AdminContext& context) const;
  void configure(const config::Batches& batches);
  void set_draining(bool on);
  /// After it nothing is called any more; when the I/O threads have ended.
  void stop();

 private:
  std::unique_ptr<batch::Service> service_;
  std::unique_ptr<batch::Front> front_;
};

}  // namespace troupe::app
