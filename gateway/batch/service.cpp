#include "gateway/batch/service.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "core/log.hpp"

namespace troupe::batch {
namespace {

namespace asio = boost::asio;
constexpr Duration kTick = std::chrono::milliseconds(20), kIdleTick = std::chrono::seconds(1);

class TheService final : public Service {
 public:
  explicit TheService(Options options) : options_(std::move(options)), timer_(io_) {}
  ~TheService() override { TheService::stop(); }
  void stop() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> begin();
  void ask(Question question, Answered done) override;
  void begin_upload(std::function<void(Result<std::string>)> done) override;
  void append(std::string upload, std::string bytes, std::function<void(Result<void>)> done) override;
  void commit(std::string upload, Upload about, std::function<void(Result<File>)> done) override;
  void abandon(std::string upload) override;
  void configure(const config::Batches& batches) override;
  void set_draining(bool on) override;
  void view(std::function<void(Json)> done) override;
  const Figures& figures() const override { return figures_; }

 private:
  void run();
  void tick();
  void work();
  void call(Work work);

  const Options options_;
  Figures figures_;
  std::unique_ptr<Office> office_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_{io_.get_executor()};
  asio::steady_timer timer_;
  bool working_ = false;  ///< work() stands in the queue
  std::thread thread_;
};

Result<void> TheService::begin() {
  auto store = Store::open(options_.directory);
  if (!store) return tl::unexpected(store.error());
  Office::Options office{options_.node,
                         options_.clock,
                         options_.seed,
                         options_.batches,
                         [this](Work one) { call(std::move(one)); },
                         &figures_};
  office_ = std::make_unique<Office>(std::move(office), std::move(*store));
  thread_ = std::thread([this] { run(); });
  return {};
}

void TheService::run() {
  tick();
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& error) {
      log::error("batch_exception").text("what", error.what());
    }
  }
}

void TheService::tick() {
  work();
  timer_.expires_after(office_->idle() ? Duration(kIdleTick) : Duration(kTick));
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

/// Piece by piece, so that questions are answered in between.
void TheService::work() {
  if (working_ || !office_->work()) return;
  working_ = true;
  asio::post(io_, [this] {
    working_ = false;
    work();
  });
}

void TheService::call(Work one) {
  const auto batch = one.batch;
  const auto line = one.line;
  options_.call(std::move(one), [this, batch, line](LineAnswer answer) {
    asio::post(io_, [this, batch, line, answer = std::move(answer)] {
      office_->answered(batch, line, answer);
      work();
    });
  });
}

void TheService::ask(Question question, Answered done) {
  asio::post(io_, [this, question = std::move(question), done = std::move(done)] {
    done(office_->answer(question));
    if (question.what == What::make_batch || question.what == What::cancel_batch) tick();
  });
}

void TheService::begin_upload(std::function<void(Result<std::string>)> done) {
  asio::post(io_, [this, done = std::move(done)] { done(office_->begin_upload()); });
}

void TheService::append(std::string upload, std::string bytes, std::function<void(Result<void>)> done) {
  asio::post(io_, [this, upload = std::move(upload), bytes = std::move(bytes), done = std::move(done)] {
    done(office_->append(upload, bytes));
  });
}

void TheService::commit(std::string upload, Upload about, std::function<void(Result<File>)> done) {
  asio::post(io_, [this, upload = std::move(upload), about = std::move(about), done = std::move(done)] {
    done(office_->commit(upload, about));
  });
}

void TheService::abandon(std::string upload) {
  asio::post(io_, [this, upload = std::move(upload)] { office_->abandon(upload); });
}

void TheService::configure(const config::Batches& batches) {
  asio::post(io_, [this, batches] { office_->configure(batches); });
}

void TheService::set_draining(bool on) {
  asio::post(io_, [this, on] { office_->set_draining(on); });
}

void TheService::view(std::function<void(Json)> done) {
  asio::post(io_, [this, done = std::move(done)] { done(office_->view()); });
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(Options options) {
  auto out = std::make_unique<TheService>(std::move(options));
  if (auto begun = out->begin(); !begun) return tl::unexpected(begun.error());
  return out;
}

}  // namespace troupe::batch
