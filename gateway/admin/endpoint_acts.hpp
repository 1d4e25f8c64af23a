#pragma once
// What each endpoint does; the table in endpoints.cpp says where.
#include "gateway/admin/endpoints.hpp"

namespace troupe::admin::acts {

using Answer = boost::asio::awaitable<http::Response>;

// The node and its actors (acts_node.cpp).
Answer livez(Visit visit);
Answer readyz(Visit visit);
Answer version(Visit visit);
Answer metrics(Visit visit);
Answer overview(Visit visit);
Answer actor_table(Visit visit);
Answer actor_one(Visit visit);
Answer events(Visit visit);
Answer describe(Visit visit);

// Traffic (acts_traffic.cpp).
Answer providers(Visit visit);
Answer keys(Visit visit);
Answer models(Visit visit);
Answer explain(Visit visit);
Answer tenants(Visit visit);
Answer limits(Visit visit);
Answer spend(Visit visit);
Answer requests(Visit visit);
Answer request_one(Visit visit);

// The cluster (acts_cluster.cpp).
Answer cluster(Visit visit);
Answer cluster_shares(Visit visit);
Answer budgets(Visit visit);
Answer batches(Visit visit);

// Virtual keys (acts_keys.cpp).
Answer virtual_keys(Visit visit);
Answer virtual_key_one(Visit visit);
Answer virtual_key_create(Visit visit);
Answer virtual_key_rotate(Visit visit);
Answer virtual_key_revoke(Visit visit);
// Cached answers (acts_cache.cpp).
Answer cache(Visit visit);
Answer flush_cache(Visit visit);

// Configuration and draining (acts_config.cpp).
Answer config(Visit visit);
Answer reload(Visit visit);
Answer validate(Visit visit);
Answer drain(Visit visit);
Answer undrain(Visit visit);
Answer schema(Visit visit);

}  // namespace troupe::admin::acts
