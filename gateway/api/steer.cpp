// Which alias answers: the first of the configuration's rules that holds, else the one that was asked for.
#include <map>
#include <set>

#include "gateway/api/chat.hpp"
#include "gateway/steering/subject.hpp"

namespace troupe::api {

namespace {

void add_tags(const std::map<std::string, std::string>& from, rules::Pairs& to) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

/// What key and tenant say of the caller he cannot say otherwise.
void ChatCall::read_tags() {
  if (caller_.key) add_tags(caller_.key->tags, tags_);
  if (caller_.tenant) add_tags(caller_.tenant->tags, tags_);
  for (auto& tag : steering::read_tags(session_.request().find("x-troupe-tags")))
    tags_.push_back(std::move(tag));
  std::set<std::string> seen;
  std::erase_if(tags_, [&](const auto& tag) { return !seen.insert(tag.first).second; });
}

void ChatCall::steer() {
  const auto& routing = *caller_.setup->routing;
  if (routing.empty()) return;
  const auto& head = session_.request();
  steering::Circumstances around;
  around.tenant = record_.tenant;
  around.task = head.find("x-troupe-task");
  around.tags = &tags_;
  if (around.task.empty()) around.task = task_;
  around.request_id = caller_.request_id;
  rules::Pairs headers;
  if (routing.asks(rules::Field::headers)) {
    for (const auto& field : head.fields) headers.emplace_back(head.view(field.name), head.view(field.value));
  }
  around.headers = &headers;
  around.wall = worker_.clock.wall();
  if (routing.asks(rules::Field::budget_used) && worker_.cash.purse && caller_.tenant != nullptr) {
    if (const auto purse = worker_.cash.purse("tenant/" + caller_.tenant->name))
      around.budget_used = purse->used();
  }
  const steering::Subject subject(request_, routing, around);
  rule_ = routing.first(subject.facts(), caller_.tenant, caller_.key);
  if (rule_ == 0) return;
  request_.model = routing.all()[rule_ - 1].route.to;
  record_.model = request_.model;
}

}  // namespace troupe::api
