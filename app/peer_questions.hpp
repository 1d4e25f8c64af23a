#pragma once
// What other members of the cluster ask of this node, and what they are shown of its own parts.
#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "actors/company.hpp"
#include "app/cluster_reload.hpp"
#include "cluster/engine/engine.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/api/semantic_desk.hpp"
#include "gateway/batch/front.hpp"

namespace troupe::app {

/// Answers on `io`, where the views and the reload belong: "view" and "config"; "batch" by `files`; 404 for
/// all else. `reload` and `files` outlive it.
cluster::Engine::Serve answer_peers(boost::asio::io_context& io, admin::PeerViews views,
                                    ClusterReload& reload, const batch::Front& files);

/// How the admin port asks other members.
void ask_peers(cluster::Engine& engine, admin::AdminContext& context);

/// The engine's parts as rows of /actors.
std::vector<actors::ActorInfo> cluster_rows(cluster::Engine& engine, const std::string& node);
/// Those, where there is a cluster, and the semantic cache, where it is on.
std::vector<actors::ActorInfo> other_rows(cluster::Engine* engine, const api::SemanticDesk& meanings,
                                          const std::string& node);

}  // namespace troupe::app
