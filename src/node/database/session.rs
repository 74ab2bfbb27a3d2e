//! One client as the protocol sees it: start-up, the simple and the extended protocol. SQLite blocks, so whatever it
//! does is done on a thread that may; the client's connection goes there and comes back.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use futures::{Sink, stream};
use pgwire::api::auth::{DefaultServerParameterProvider, StartupHandler, finish_authentication};
use pgwire::api::auth::{protocol_negotiation, save_startup_parameters_to_metadata};
use pgwire::api::cancel::CancelHandler;
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::results::{FieldFormat, FieldInfo, QueryResponse, Response, Tag};
use pgwire::api::stmt::QueryParser;
use pgwire::api::store::{Entry, PortalStore};
use pgwire::api::{
    ClientInfo, ClientPortalStore, DEFAULT_NAME, METADATA_DATABASE, METADATA_USER, PgWireServerHandlers,
    PidSecretKeyGenerator, RandomPidSecretKeyGenerator, Type,
};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use pgwire::messages::cancel::CancelRequest;
use pgwire::messages::extendedquery::Execute;
use pgwire::messages::response::TransactionStatus;
use pgwire::messages::simplequery::Query;
use pgwire::messages::startup::SecretKey;
use pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use rusqlite::InterruptHandle;
use rusqlite::types::Value;

use super::client::{Client, Outcome, Prepared};
use super::refusal::Refusal;
use super::sql::{Kind, Names, SqlType, Statement, statements};
use super::turns::Turns;
use super::value;

/// What all clients share.
pub(super) struct Shared {
    /// The file.
    file: PathBuf,
    /// Who writes, and who waits to.
    turns: Turns,
    keys: RandomPidSecretKeyGenerator,
    /// What ends each client's running statement, by the number that its client can ask that with.
    running: Mutex<BTreeMap<i32, (SecretKey, InterruptHandle)>>,
}

impl Shared {
    /// Clients of this file.
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, turns: Turns::new(), keys: RandomPidSecretKeyGenerator::default(), running: Mutex::default() }
    }

    /// Ends every running statement.
    pub(super) fn interrupt_all(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.values().for_each(|(_, handle)| handle.interrupt());
    }
}

/// One client.
#[derive(Clone)]
pub(super) struct Session(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    /// Whether there is room for it.
    is_welcome: bool,
    /// As the client gave them at its start.
    names: OnceLock<Names>,
    number: OnceLock<i32>,
    /// Away while a statement runs.
    client: tokio::sync::Mutex<Option<Box<Client>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(number) = self.number.get() {
            self.shared.running.lock().unwrap_or_else(PoisonError::into_inner).remove(number);
        }
    }
}

impl Session {
    /// A client that has just connected.
    pub(super) fn new(shared: Arc<Shared>, is_welcome: bool) -> Self {
        let (names, number) = (OnceLock::new(), OnceLock::new());
        Self(Arc::new(Inner { shared, is_welcome, names, number, client: tokio::sync::Mutex::new(None) }))
    }

    async fn open(&self) -> Result<InterruptHandle, Refusal> {
        let file = self.0.shared.file.clone();
        let opened = tokio::task::spawn_blocking(move || Client::open(&file)).await;
        let client = opened.map_err(|_| lost())??;
        let interrupt = client.interrupt();
        *self.0.client.lock().await = Some(Box::new(client));
        Ok(interrupt)
    }

    /// Does something with the client's connection, once its turn has come if it needs one for this statement.
    async fn with_client<T: Send + 'static>(
        &self,
        turn_for: Option<&Kind>,
        job: impl FnOnce(&mut Client) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let mut place = self.0.client.lock().await;
        let mut client = place.take().ok_or_else(lost)?;
        if let Some(kind) = turn_for.filter(|kind| client.needs_turn(kind)) {
            let turns = &self.0.shared.turns;
            let at_once = matches!(kind, Kind::Select { at_once: true, .. });
            match if at_once { turns.take_at_once() } else { turns.take(client.patience()).await } {
                Ok(turn) => client.give_turn(turn),
                Err(refusal) => {
                    client.fail();
                    *place = Some(client);
                    return Err(refusal);
                }
            }
        }
        let done = tokio::task::spawn_blocking(move || {
            let result = job(&mut client);
            (client, result)
        });
        let (client, result) = done.await.map_err(|_| lost())?;
        *place = Some(client);
        result
    }

    async fn prepare(&self, tokens: Vec<super::sql::Token>, given: Vec<Option<SqlType>>) -> Result<Prepared, Refusal> {
        let statement = Statement::new(tokens, self.0.names.get().ok_or_else(lost)?);
        self.with_client(None, move |client| {
            let prepared = statement.and_then(|statement| client.prepare(statement, &given));
            if prepared.is_err() {
                client.fail();
            }
            prepared
        })
        .await
    }

    async fn run(&self, prepared: Arc<Prepared>, values: Vec<Value>, format: Format) -> Result<Response, Refusal> {
        let (running, result_format) = (prepared.clone(), format.clone());
        let kind = prepared.statement.kind.clone();
        let outcome = self
            .with_client(Some(&kind), move |client| client.run(&running, &values, |at| format_of(&result_format, at)))
            .await?;
        Ok(match outcome {
            Outcome::Rows(tag, rows) => {
                let fields = Arc::new(fields(&prepared, &format));
                let mut response = QueryResponse::new(fields, stream::iter(rows.into_iter().map(Ok)));
                response.set_command_tag(tag);
                Response::Query(response)
            }
            Outcome::Wrote(tag, rows) => Response::Execution(Tag::new(tag).with_rows(rows)),
            Outcome::Done(tag) => Response::Execution(Tag::new(tag)),
            Outcome::Begun => Response::TransactionStart(Tag::new("BEGIN")),
            Outcome::Ended(tag) => Response::TransactionEnd(Tag::new(tag)),
        })
    }

    async fn run_all(&self, sql: &str, responses: &mut Vec<Response>) -> Result<(), Refusal> {
        let statements = match statements(sql) {
            Ok(statements) => statements,
            Err(refusal) => return self.with_client(None, |client| Err(fail(client, refusal))).await,
        };
        let is_one = statements.len() == 1;
        for tokens in statements {
            if !is_one {
                self.with_client(None, |client| {
                    client.begin_implicitly();
                    Ok(())
                })
                .await?;
            }
            let prepared = self.prepare(tokens, Vec::new()).await?;
            responses.push(self.run(Arc::new(prepared), Vec::new(), Format::UnifiedText).await?);
        }
        Ok(())
    }
}

fn fail(client: &mut Client, refusal: Refusal) -> Refusal {
    client.fail();
    refusal
}

fn lost() -> Refusal {
    Refusal::new("08006", "the connection to the file is lost")
}

fn format_of(format: &Format, at: usize) -> FieldFormat {
    match format {
        Format::UnifiedText => FieldFormat::Text,
        Format::UnifiedBinary => FieldFormat::Binary,
        Format::Individual(codes) => codes.get(at).map_or(FieldFormat::Text, |code| FieldFormat::from(*code)),
    }
}

fn fields(prepared: &Prepared, format: &Format) -> Vec<FieldInfo> {
    let columns = prepared.columns.iter().enumerate();
    columns
        .map(|(at, (name, kind))| FieldInfo::new(name.clone(), None, None, kind.wire(), format_of(format, at)))
        .collect()
}

#[async_trait]
impl StartupHandler for Session {
    async fn on_startup<C>(&self, client: &mut C, message: PgWireFrontendMessage) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let PgWireFrontendMessage::Startup(startup) = message else { return Ok(()) };
        protocol_negotiation(client, &startup).await?;
        save_startup_parameters_to_metadata(client, &startup);
        let fatal = |refusal: Refusal| {
            let info = ErrorInfo::new("FATAL".to_owned(), refusal.code.to_owned(), refusal.message);
            PgWireError::UserError(Box::new(info))
        };
        if !self.0.is_welcome {
            return Err(fatal(Refusal::new("53300", "sorry, too many clients already")));
        }
        let user = client.metadata().get(METADATA_USER).cloned().unwrap_or_else(|| "brownout".to_owned());
        let database = client.metadata().get(METADATA_DATABASE).cloned().unwrap_or_else(|| user.clone());
        let interrupt = self.open().await.map_err(fatal)?;
        let (number, key) = self.0.shared.keys.generate(client);
        client.set_pid_and_secret_key(number, key.clone());
        self.0.shared.running.lock().unwrap_or_else(PoisonError::into_inner).insert(number, (key, interrupt));
        // Set once: there is one start-up message.
        let _ = self.0.number.set(number);
        let _ = self.0.names.set(Names { user, database });
        let mut parameters = DefaultServerParameterProvider::default();
        parameters.server_version = "15.0".to_owned();
        finish_authentication(client, &parameters).await
    }
}

#[async_trait]
impl SimpleQueryHandler for Session {
    async fn on_query<C>(&self, client: &mut C, query: Query) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        if client.transaction_status() == TransactionStatus::Error && rolls_back_to(&query.query) {
            revive(client);
        }
        self._on_query(client, query).await
    }

    async fn do_query<C>(&self, _client: &mut C, sql: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let mut responses = Vec::new();
        let result = self.run_all(sql, &mut responses).await;
        // Several statements in one message are one transaction.
        let ended = self.with_client(None, Client::end_implicitly).await;
        // What was done before the error is answered before it.
        if let Err(refusal) = result.and(ended) {
            responses.push(Response::Error(Box::new(refusal.into())));
        }
        if responses.is_empty() {
            responses.push(Response::EmptyQuery);
        }
        Ok(responses)
    }
}

fn rolls_back_to(sql: &str) -> bool {
    let names = Names { user: String::new(), database: String::new() };
    let first = statements(sql).ok().and_then(|statements| statements.into_iter().next());
    first
        .and_then(|tokens| Statement::new(tokens, &names).ok())
        .is_some_and(|it| matches!(it.kind, Kind::RollbackTo(_)))
}

/// pgwire knows no way from a failed transaction back into it. If the statement fails it sets the state to failed
/// again.
fn revive(client: &mut impl ClientInfo) {
    client.set_transaction_status(TransactionStatus::Transaction);
}

#[async_trait]
impl QueryParser for Session {
    type Statement = Arc<Prepared>;

    async fn parse_sql<C>(
        &self,
        _client: &C,
        sql: &str,
        types: &[Option<Type>],
    ) -> PgWireResult<Option<Self::Statement>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        let given = types.iter().map(|given| match given {
            // Unknown is what a client gives that wants the server to find out.
            Some(Type::UNKNOWN) | None => Ok(None),
            Some(given) => match SqlType::of_wire(given) {
                Some(kind) => Ok(Some(kind)),
                None => Err(Refusal::unsupported(format!("parameters of type {given}"))),
            },
        });
        let parsed = statements(sql).and_then(|mut statements| match (statements.pop(), statements.len()) {
            (Some(_), 1..) => Err(Refusal::syntax("cannot insert multiple commands into a prepared statement")),
            (tokens, _) => Ok((tokens, given.collect::<Result<Vec<_>, _>>()?)),
        });
        match parsed {
            Ok((Some(tokens), given)) => Ok(Some(Arc::new(self.prepare(tokens, given).await?))),
            Ok((None, _)) => Ok(None),
            Err(refusal) => Ok(self.with_client(None, |client| Err(fail(client, refusal))).await?),
        }
    }

    fn get_parameter_types(&self, prepared: &Self::Statement) -> PgWireResult<Vec<Type>> {
        Ok(prepared.parameters.iter().map(|kind| kind.wire()).collect())
    }

    fn get_result_schema(&self, prepared: &Self::Statement, format: Option<&Format>) -> PgWireResult<Vec<FieldInfo>> {
        Ok(fields(prepared, format.unwrap_or(&Format::UnifiedText)))
    }
}

#[async_trait]
impl ExtendedQueryHandler for Session {
    type Statement = Arc<Prepared>;
    type QueryParser = Self;

    fn query_parser(&self) -> Arc<Self::QueryParser> {
        Arc::new(self.clone())
    }

    async fn on_execute<C>(&self, client: &mut C, message: Execute) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Self::Statement>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        if client.transaction_status() == TransactionStatus::Error
            && let Some(Entry::Value(portal)) =
                client.portal_store().get_portal(message.name.as_deref().unwrap_or(DEFAULT_NAME))
            && matches!(portal.statement.statement.statement.kind, Kind::RollbackTo(_))
        {
            revive(client);
        }
        self._on_execute(client, message).await
    }

    async fn do_query<C>(
        &self,
        _client: &mut C,
        portal: &Portal<Self::Statement>,
        _rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Self::Statement>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let prepared = portal.statement.statement.clone();
        let values =
            prepared.parameters.iter().zip(&portal.parameters).enumerate().map(|(at, (kind, bytes))| {
                value::decode(*kind, format_of(&portal.parameter_format, at), bytes.as_deref())
            });
        let response = match values.collect() {
            Ok(values) => self.run(prepared, values, portal.result_column_format.clone()).await,
            Err(refusal) => self.with_client(None, |client| Err(fail(client, refusal))).await,
        };
        Ok(response?)
    }
}

#[async_trait]
impl CancelHandler for Session {
    async fn on_cancel_request(&self, request: CancelRequest) {
        let running = self.0.shared.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((key, handle)) = running.get(&request.pid)
            && *key == request.secret_key
        {
            handle.interrupt();
        }
    }
}

impl PgWireServerHandlers for Session {
    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::new(self.clone())
    }

    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::new(self.clone())
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::new(self.clone())
    }

    fn cancel_handler(&self) -> Arc<impl CancelHandler> {
        Arc::new(self.clone())
    }
}
