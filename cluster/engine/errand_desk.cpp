#include "cluster/engine/errand_desk.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace troupe::cluster {

namespace asio = boost::asio;

void ErrandDesk::ask(std::vector<std::string> nodes, std::string what, std::string text, Duration patience,
                     Engine::Answered done) {
  asio::post(io_, [this, nodes = std::move(nodes), what = std::move(what), text = std::move(text), patience,
                   done = std::move(done)] {
    const auto asked = rounds_.ask(nodes, what, text, clock_.now() + patience);
    if (!asked) {
      std::vector<errands::Answer> nobody;
      for (const auto& node : nodes) nobody.push_back({node, 0, {}});
      return done(std::move(nobody));
    }
    done_[asked->round] = done;
    for (const auto& [to, question] : asked->send) send_(to, question);
    tick();  // a question to nobody has ended
  });
}

void ErrandDesk::serve(Engine::Serve serve) {
  const std::lock_guard lock(mutex_);
  serve_ = std::move(serve);
}

void ErrandDesk::hear(const std::string& peer, const errands::Message& message) {
  if (const auto* ask = std::get_if<errands::Ask>(&message)) return hear_ask(peer, *ask);
  rounds_.hear(peer, std::get<errands::Told>(message));
  tick();
}

void ErrandDesk::hear_ask(const std::string& peer, const errands::Ask& ask) {
  if (ask.what.size() > errands::kWhat) return;
  const std::lock_guard lock(mutex_);
  if (!serve_ || serving_ >= kServing) return send_(peer, errands::Told{ask.id, serve_ ? 503U : 501U, {}});
  ++serving_;
  auto told = [this, peer, id = ask.id](std::uint32_t status, std::string text) {
    asio::post(io_, [this, peer, id, status, text = std::move(text)]() mutable {
      --serving_;
      reply(peer, id, status, std::move(text));
    });
  };
  serve_(peer, ask.what, ask.text, std::move(told));
}

void ErrandDesk::reply(const std::string& to, std::uint64_t id, std::uint32_t status, std::string text) {
  if (text.size() > errands::kText) return send_(to, errands::Told{id, 413, {}});
  send_(to, errands::Told{id, status, std::move(text)});
}

void ErrandDesk::tick() {
  for (auto& [round, answers] : rounds_.ended(clock_.now())) {
    const auto node = done_.extract(round);
    if (!node.empty()) node.mapped()(std::move(answers));
  }
}

}  // namespace troupe::cluster
