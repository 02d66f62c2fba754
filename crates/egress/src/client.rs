//! One request: a connection from the pool or a new one, at most one silent second try, never a redirect.

use std::sync::Arc;

use tokio::time::{Instant, timeout};

use crate::{
    connection::{Answer, Connection, Failure},
    dial::{Dialer, Phases},
    error::Error,
    pool::Pool,
    request::{self, Request},
    resolver::Resolver,
    response::{Response, Timings},
    settings::Settings,
    target::Target,
};

/// The way out. Cheap to clone; clones share their connections. Must be used within a tokio runtime with time and IO.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    dialer: Dialer,
    pool: Arc<Pool>,
}

impl Client {
    /// A client with one policy; fails only if the extra roots cannot be read.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Self::with_resolver(settings, Resolver::system())
    }

    /// A client that asks someone else about names.
    pub fn with_resolver(settings: Settings, resolver: Resolver) -> Result<Self, Error> {
        let pool = Arc::new(Pool::new(settings.idle_timeout, settings.idle_per_host_max));
        Ok(Self(Arc::new(Inner { dialer: Dialer::new(settings, resolver)?, pool })))
    }

    /// Judges what is known without asking a resolver: a literal address in any spelling, a name that is never allowed. Passing says
    /// nothing about where a name will lead; [`Client::send`] judges that.
    pub fn check(&self, target: &Target) -> Result<(), Error> {
        self.0.dialer.policy.check(target)
    }

    /// Sends a request once, within its timeout, and reads the answer. When a reused connection turns out to be closed before the
    /// receiver said a word, the request is sent again on a new one. Dropping the future abandons the exchange and frees everything.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        let longest = request.timeout;
        timeout(longest, self.0.send(request)).await.unwrap_or(Err(Error::Timeout))
    }
}

impl Inner {
    async fn send(&self, mut request: Request) -> Result<Response, Error> {
        let started = Instant::now();
        request::drop_ours(&mut request.headers);
        let mut pooled = self.pool.take(request.target.origin());
        loop {
            let (connection, phases) = match pooled.take() {
                Some(connection) => (connection, None),
                // Boxed, as it is rare and large, and every request would carry room for it.
                None => Box::pin(self.open(&request.target)).await?,
            };
            match self.exchange(connection, request.clone(), phases, started).await {
                Err(failure) if failure.is_unheard && phases.is_none() => {}
                answered => return answered.map_err(|failure| failure.error),
            }
        }
    }

    async fn open(&self, target: &Target) -> Result<(Connection, Option<Phases>), Error> {
        let dialed = self.dialer.dial(target).await?;
        let phases = dialed.phases;
        let connection = Connection::open(dialed).await?;
        if let Connection::Http2(shared) = &connection {
            self.pool.put(target.origin(), Connection::Http2(shared.clone()));
        }
        Ok((connection, Some(phases)))
    }

    async fn exchange(
        &self,
        connection: Connection,
        request: Request,
        phases: Option<Phases>,
        started: Instant,
    ) -> Result<Response, Failure> {
        let remote = connection.remote();
        let target = request.target.clone();
        let (answer, connection) = connection.exchange(request).await?;
        if let Some(connection) = connection {
            self.pool.put(target.origin(), connection);
        }
        let Answer { status, headers, body, is_truncated, first_byte_at } = answer;
        Ok(Response {
            status,
            headers,
            body,
            is_truncated,
            remote_address: Some(remote),
            is_reused_connection: phases.is_none(),
            timings: Timings {
                resolve: phases.map(|phases| phases.resolve),
                connect: phases.map(|phases| phases.connect),
                tls: phases.and_then(|phases| phases.tls),
                first_byte: first_byte_at - started,
                total: started.elapsed(),
            },
        })
    }
}
