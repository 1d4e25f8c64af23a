#include <string>
#include <utility>

#include "gateway/admin/answers.hpp"
#include "gateway/admin/endpoint_acts.hpp"
#include "gateway/admin/once.hpp"

namespace troupe::admin::acts {
namespace {

http::Response absent() {
  return problem(501, "this node does not offer that");
}

Answer change(Visit visit, std::string act) {
  const auto& context = visit.context();
  if (!context.change_key) co_return absent();
  const AdminContext::KeyChange wanted{std::move(act), std::string(visit.tail), visit.request().body};
  std::function<void(std::function<void(nlohmann::json)>)> start =
      [&](std::function<void(nlohmann::json)> tell) { context.change_key(wanted, std::move(tell)); };
  auto told = co_await once<nlohmann::json>(context.key_patience, std::move(start));
  if (!told) co_return problem(504, "the store did not answer in time; GET /virtual-keys says what is so");
  if (told->value("ok", false)) {
    const Json document(std::move(*told));
    co_return answer(visit.request(), document);
  }
  co_return problem(told->value("status", 500), told->value("error", std::string("refused")));
}

}  // namespace

Answer virtual_keys(Visit visit) {
  if (!visit.context().virtual_keys) co_return absent();
  Json all(visit.context().virtual_keys());
  if (const auto tenant = parameter(visit.request(), "tenant"); !tenant.empty()) {
    auto kept = Json::array();
    for (auto& row : all["virtual_keys"])
      if (row["tenant"] == tenant) kept.push_back(std::move(row));
    all["virtual_keys"] = std::move(kept);
  }
  co_return answer(visit.request(), all);
}

Answer virtual_key_one(Visit visit) {
  if (!visit.context().virtual_keys) co_return absent();
  const Json all(visit.context().virtual_keys());
  for (const auto& row : all["virtual_keys"])
    if (row["id"] == visit.tail) co_return answer(visit.request(), row);
  co_return problem(404, "no such virtual key; see /virtual-keys");
}

Answer virtual_key_create(Visit visit) {
  return change(std::move(visit), "create");
}

Answer virtual_key_rotate(Visit visit) {
  return change(std::move(visit), "rotate");
}

Answer virtual_key_revoke(Visit visit) {
  return change(std::move(visit), "revoke");
}

}  // namespace troupe::admin::acts
