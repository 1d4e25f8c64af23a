#include "app/batches.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/log.hpp"
#include "core/log_thrown.hpp"
#include "core/random.hpp"
#include "gateway/api/inside.hpp"

namespace troupe::app {
namespace {

namespace asio = boost::asio;
constexpr auto kPatience = std::chrono::seconds(5);  // for another node's answer

asio::awaitable<void> call_line(api::Worker& worker, batch::Work work, batch::Service::Called called) {
  batch::LineAnswer answer;
  try {
    answer = co_await api::call_inside(worker, std::move(work));
  } catch (const std::exception& error) {
    log::error("batch_exception").text("what", error.what());
  }
  called(std::move(answer));
}

/// One I/O thread after another.
std::function<void(batch::Work, batch::Service::Called)> caller(std::vector<api::Worker*> workers) {
  auto turn = std::make_shared<std::atomic<std::size_t>>(0);
  return [workers = std::move(workers), turn](batch::Work work, batch::Service::Called called) {
    auto& worker = *workers[turn->fetch_add(1) % workers.size()];
    asio::co_spawn(worker.io, call_line(worker, std::move(work), std::move(called)),
                   log::Thrown("batch_exception"));
  };
}

batch::Front::Options in_cluster(cluster::Engine& cluster) {
  batch::Front::Options out;
  out.others = [&cluster] { return cluster.others(); };
  out.ask = [&cluster](std::vector<std::string> nodes, std::string text,
                       std::function<void(std::vector<batch::Front::NodeAnswer>)> done) {
    auto told = [done = std::move(done)](std::vector<errands::Answer> answers) {
      std::vector<batch::Front::NodeAnswer> all;
      for (auto& one : answers)
        all.push_back({std::move(one.node), static_cast<int>(one.status), std::move(one.text)});
      done(std::move(all));
    };
    cluster.ask(std::move(nodes), "batch", std::move(text), kPatience, std::move(told));
  };
  return out;
}

}  // namespace

Result<std::unique_ptr<Batches>> Batches::start(Options options) {
  auto out = std::make_unique<Batches>();
  auto front = options.cluster ? in_cluster(*options.cluster) : batch::Front::Options{};
  front.node = options.node;
  const auto& store = options.config->store.path;
  if (!store.empty()) {
    batch::Service::Options service;
    service.directory = store + "/batches";
    service.node = options.node;
    service.clock = &real_clock();
    service.seed = entropy_seed();
    service.batches = options.config->batches;
    service.call = caller(options.workers);
    auto started = batch::Service::start(std::move(service));
    if (!started) return tl::unexpected(started.error());
    out->service_ = std::move(*started);
    front.service = out->service_.get();
  }
  out->front_ = std::make_unique<batch::Front>(std::move(front));
  for (auto* worker : options.workers) worker->files = out->front_.get();
  return out;
}

void Batches::show(admin::AdminContext& context) const {
  if (!service_) return;
  context.batches = [service = service_.get()](std::function<void(nlohmann::json)> done) {
    service->view([done = std::move(done)](const batch::Json& view) {
      done(nlohmann::json::parse(view.dump(-1, ' ', false, batch::Json::error_handler_t::replace)));
    });
  };
  context.batch_figures = [&figures = service_->figures()] {
    return nlohmann::json{{"good", figures.good.load()},     {"bad", figures.bad.load()},
                          {"waits", figures.waits.load()},   {"again", figures.again.load()},
                          {"active", figures.active.load()}, {"running", figures.running.load()},
                          {"files", figures.files.load()}};
  };
}

void Batches::configure(const config::Batches& batches) {
  if (service_) service_->configure(batches);
}

void Batches::set_draining(bool on) {
  if (service_) service_->set_draining(on);
}

void Batches::stop() {
  if (service_) service_->stop();
}

}  // namespace troupe::app
