"""The GraphQL API: types, resolvers, subscriptions and limits over the graph and the log."""
