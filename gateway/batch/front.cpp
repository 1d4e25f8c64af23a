#include "gateway/batch/front.hpp"

#include <algorithm>
#include <utility>

#include "gateway/batch/ids.hpp"

namespace troupe::batch {
namespace {

bool is_list(What what) {
  return what == What::list_files || what == What::list_batches;
}

Answer unreachable(const std::string& node) {
  return refusal(503,
                 "The node '" + node +
                     "' keeps this, and it does not answer. Its files and batches are on its own disk: "
                     "try again when it is back.",
                 {}, "node_unreachable");
}

}  // namespace

Answer nothing_kept() {
  return refusal(
      404,
      "This node keeps no files and batches: its configuration has no store.path. Ask its operator "
      "for one, or run the lines from your side with `troupe batch run`.",
      {}, "no_store");
}

void Front::ask(Question question, Service::Answered done) const {
  if (options_.service == nullptr) return done(nothing_kept());
  if (!options_.ask) return options_.service->ask(std::move(question), std::move(done));
  if (is_list(question.what)) return ask_all(std::move(question), std::move(done));
  const auto id = read_id(question.id);
  if (!id || id->node == options_.node) return options_.service->ask(std::move(question), std::move(done));
  ask_owner(std::move(question), id->node, std::move(done));
}

void Front::ask_owner(Question question, const std::string& owner, Service::Answered done) const {
  const auto others = options_.others();
  if (std::find(others.begin(), others.end(), owner) == others.end()) return done(unreachable(owner));
  options_.ask({owner}, to_text(question), [owner, done = std::move(done)](std::vector<NodeAnswer> answers) {
    if (answers.empty() || answers.front().status == 0) return done(unreachable(owner));
    done({answers.front().status, std::move(answers.front().text)});
  });
}

void Front::ask_all(Question question, Service::Answered done) const {
  auto told = [this, question, done = std::move(done)](std::vector<NodeAnswer> answers) mutable {
    const auto page = question.page;
    options_.service->ask(std::move(question),
                          [page, answers = std::move(answers), done = std::move(done)](Answer mine) mutable {
                            answers.push_back({{}, mine.status, std::move(mine.text)});
                            done(merged(answers, page));
                          });
  };
  const auto others = options_.others();
  if (others.empty()) return told({});
  options_.ask(others, to_text(question), std::move(told));
}

void Front::serve(const std::string& text, Reply reply) const {
  auto answer = [reply](Answer out) { reply(out.status, std::move(out.text)); };
  if (options_.service == nullptr) return answer(nothing_kept());
  auto question = read_question(text);
  if (!question) return answer(refusal(400, "This node does not understand the question."));
  options_.service->ask(std::move(*question), std::move(answer));
}

Answer merged(const std::vector<Front::NodeAnswer>& answers, const PageAsk& ask) {
  std::vector<Page> pages;
  for (const auto& answer : answers) {
    if (answer.status != 200) continue;
    const auto body = Json::parse(answer.text, nullptr, false);
    if (!body.is_object() || !body.contains("data") || !body["data"].is_array()) continue;
    Page page;
    for (const auto& one : body["data"]) page.data.push_back(one);
    page.has_more = body.value("has_more", false);
    pages.push_back(std::move(page));
  }
  return answer_of(shown(merge(pages, ask)));
}

}  // namespace troupe::batch
