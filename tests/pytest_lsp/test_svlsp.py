"""Every capability that the server announces, asked for by a client that isn't ours.

pytest-lsp checks each answer against the protocol's own types, and brings along what real editors
say that they can do. TESTS has one test for each capability; that none is missing is a test too.
"""

import os
from pathlib import Path

import lsprotocol.types as t
import pytest
import pytest_lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

UNIT = """\
[Unit]
Description=A 𝄞 web server
Documentation=https://example.org/ man:nginx(8)
After=b.service

[Service]
ExecStart=/bin/true %i
Restart=sometimes
Nice = 5

[Install]
WantedBy=multi-user.target
"""

OTHER = "[Unit]\nDescription=The other one\n[Service]\nExecStart=/bin/true\n"

OPTIONS = t.FormattingOptions(tab_size=4, insert_spaces=True)


# None of these says that it pulls diagnostics and can be told to pull again; later VS Codes do.
PULLS = "visual_studio_code@1.65.2 that pulls"


def abilities(name):
    able = client_capabilities(name.removesuffix(" that pulls"))
    if name == PULLS:
        able.text_document.diagnostic = t.DiagnosticClientCapabilities()
        able.workspace.diagnostics = t.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    return able


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[os.environ.get("SVLSP", "svlsp"), "lsp", "--stdio"]),
    params=["neovim@0.11.0", "visual_studio_code@1.65.2", "emacs@29.1", PULLS],
)
async def client(request, lsp_client: LanguageClient, tmp_path: Path):
    (tmp_path / "a.service").write_text(UNIT)
    (tmp_path / "b.service").write_text(OTHER)
    folder = t.WorkspaceFolder(uri=tmp_path.as_uri(), name="test")
    lsp_client.feature(t.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    lsp_client.feature(t.WORKSPACE_INLAY_HINT_REFRESH)(lambda params: None)
    lsp_client.feature(t.WORKSPACE_CODE_LENS_REFRESH)(lambda params: None)
    result = await lsp_client.initialize_session(
        t.InitializeParams(
            capabilities=abilities(request.param),
            workspace_folders=[folder],
            root_uri=tmp_path.as_uri(),
            initialization_options={"hints": "s6", "backend": ["s6"]},
        )
    )
    lsp_client.pulls = request.param == PULLS
    lsp_client.announced = result.capabilities
    lsp_client.uri = (tmp_path / "a.service").as_uri()
    lsp_client.folder = tmp_path
    yield
    await lsp_client.shutdown_session()


def document(client):
    return t.TextDocumentIdentifier(uri=client.uri)


def at(text):
    """The position of `text` in UNIT, in UTF-16."""
    before = UNIT[: UNIT.index(text)]
    line = before.count("\n")
    column = len(before.rsplit("\n", 1)[-1].encode("utf-16-le")) // 2
    return t.Position(line=line, character=column)


def place(client, text):
    return {"text_document": document(client), "position": at(text)}


EVERYTHING = t.Range(start=t.Position(0, 0), end=t.Position(100, 0))


def open_unit(client):
    item = t.TextDocumentItem(uri=client.uri, language_id="systemd", version=1, text=UNIT)
    client.text_document_did_open(t.DidOpenTextDocumentParams(text_document=item))


async def pushed(client, wrong):
    """The server says that the value is wrong, or no longer does: when it is asked, or by itself in the end."""

    def codes():
        return [found.code for found in client.diagnostics.get(client.uri, [])]

    if client.pulls:
        report = await client.text_document_diagnostic_async(t.DocumentDiagnosticParams(text_document=document(client)))
        assert ("invalid-value" in [found.code for found in report.items]) == wrong
        return
    while ("invalid-value" in codes()) != wrong:
        await client.wait_for_notification(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)


async def sync(client):
    """Text goes to the server and back, whole and in parts."""
    await pushed(client, True)
    line = t.Position(at("Restart=").line, len("Restart="))
    change = t.TextDocumentContentChangePartial(
        range=t.Range(start=line, end=t.Position(line.line, line.character + len("sometimes"))), text="always"
    )
    client.text_document_did_change(
        t.DidChangeTextDocumentParams(
            text_document=t.VersionedTextDocumentIdentifier(uri=client.uri, version=2), content_changes=[change]
        )
    )
    await pushed(client, False)
    client.text_document_did_close(t.DidCloseTextDocumentParams(text_document=document(client)))


async def diagnostic(client):
    report = await client.text_document_diagnostic_async(t.DocumentDiagnosticParams(text_document=document(client)))
    assert "invalid-value" in [found.code for found in report.items]
    report = await client.workspace_diagnostic_async(t.WorkspaceDiagnosticParams(previous_result_ids=[]))
    assert client.uri in [item.uri for item in report.items]


async def hover(client):
    found = await client.text_document_hover_async(t.HoverParams(**place(client, "Restart=")))
    assert "Restart=" in found.contents.value


async def completion(client):
    where = at("Restart=")
    where = t.Position(where.line, where.character + 8)
    found = await client.text_document_completion_async(
        t.CompletionParams(text_document=document(client), position=where)
    )
    item = next(item for item in found.items if item.label == "on-failure")
    assert item.documentation is None
    item = await client.completion_item_resolve_async(item)
    assert item.documentation


async def execute_command(client):
    with pytest.raises(Exception):
        await client.workspace_execute_command_async(t.ExecuteCommandParams(command="svlsp.generate", arguments=[5]))


async def formatting(client):
    params = t.DocumentFormattingParams(text_document=document(client), options=OPTIONS)
    assert await client.text_document_formatting_async(params)


async def range_formatting(client):
    line = t.Range(start=t.Position(at("Nice").line, 0), end=t.Position(at("Nice").line, 8))
    params = t.DocumentRangeFormattingParams(text_document=document(client), range=line, options=OPTIONS)
    assert await client.text_document_range_formatting_async(params)


async def on_type_formatting(client):
    params = t.DocumentOnTypeFormattingParams(**place(client, "Nice"), ch="\n", options=OPTIONS)
    assert not await client.text_document_on_type_formatting_async(params)


async def code_action(client):
    line = t.Range(start=at("sometimes"), end=at("sometimes"))
    params = t.CodeActionParams(
        text_document=document(client), range=line, context=t.CodeActionContext(diagnostics=[])
    )
    actions = await client.text_document_code_action_async(params)
    assert any(isinstance(action, t.CodeAction) and action.edit or action.data for action in actions)
    unresolved = [action for action in actions if isinstance(action, t.CodeAction) and not action.edit and action.data]
    for action in unresolved[:1]:
        assert await client.code_action_resolve_async(action)


async def code_lens(client):
    assert await client.text_document_code_lens_async(t.CodeLensParams(text_document=document(client)))


async def inlay_hint(client):
    params = t.InlayHintParams(text_document=document(client), range=EVERYTHING)
    hints = await client.text_document_inlay_hint_async(params)
    assert at("Nice").line in [hint.position.line for hint in hints]


async def document_symbol(client):
    symbols = await client.text_document_document_symbol_async(
        t.DocumentSymbolParams(text_document=document(client))
    )
    assert symbols[0].name == "Unit"


async def folding_range(client):
    folds = await client.text_document_folding_range_async(t.FoldingRangeParams(text_document=document(client)))
    assert 0 in [fold.start_line for fold in folds]


async def selection_range(client):
    params = t.SelectionRangeParams(text_document=document(client), positions=[at("sometimes")])
    ranges = await client.text_document_selection_range_async(params)
    assert ranges[0].range.start.line == at("sometimes").line and ranges[0].parent


async def document_highlight(client):
    assert await client.text_document_document_highlight_async(
        t.DocumentHighlightParams(**place(client, "b.service"))
    )


async def document_link(client):
    links = await client.text_document_document_link_async(t.DocumentLinkParams(text_document=document(client)))
    assert "https://example.org/" in [link.target for link in links]


async def semantic_tokens(client):
    params = t.SemanticTokensParams(text_document=document(client))
    whole = await client.text_document_semantic_tokens_full_async(params)
    assert whole.data and len(whole.data) % 5 == 0
    part = await client.text_document_semantic_tokens_range_async(
        t.SemanticTokensRangeParams(text_document=document(client), range=EVERYTHING)
    )
    assert part.data == whole.data
    delta = await client.text_document_semantic_tokens_full_delta_async(
        t.SemanticTokensDeltaParams(text_document=document(client), previous_result_id=whole.result_id)
    )
    assert not delta.edits


async def definition(client):
    found = await client.text_document_definition_async(t.DefinitionParams(**place(client, "b.service")))
    assert "b.service" in str(found)


async def declaration(client):
    found = await client.text_document_declaration_async(t.DeclarationParams(**place(client, "b.service")))
    assert "b.service" in str(found)


async def references(client):
    params = t.ReferenceParams(**place(client, "b.service"), context=t.ReferenceContext(include_declaration=False))
    found = await client.text_document_references_async(params)
    assert [place.uri for place in found] == [client.uri]


async def rename(client):
    # A client that can't rename files is told so.
    params = t.RenameParams(**place(client, "b.service"), new_name="c.service")
    try:
        edit = await client.text_document_rename_async(params)
        assert "c.service" in str(edit)
    except Exception as error:
        assert "renam" in str(error)


async def workspace_symbol(client):
    symbols = await client.workspace_symbol_async(t.WorkspaceSymbolParams(query="other"))
    assert ["b.service"] == [symbol.name for symbol in symbols]


async def call_hierarchy(client):
    items = await client.text_document_prepare_call_hierarchy_async(
        t.CallHierarchyPrepareParams(**place(client, "b.service"))
    )
    calls = await client.call_hierarchy_incoming_calls_async(t.CallHierarchyIncomingCallsParams(item=items[0]))
    assert "a.service" in [call.from_.name for call in calls]
    calls = await client.call_hierarchy_outgoing_calls_async(t.CallHierarchyOutgoingCallsParams(item=items[0]))
    assert not calls


async def workspace(client):
    old, new = (client.folder / "b.service").as_uri(), (client.folder / "c.service").as_uri()
    params = t.RenameFilesParams(files=[t.FileRename(old_uri=old, new_uri=new)])
    assert "c.service" in str(await client.workspace_will_rename_files_async(params))
    gone = t.WorkspaceFolder(uri=client.folder.as_uri(), name="test")
    event = t.WorkspaceFoldersChangeEvent(added=[], removed=[gone])
    client.workspace_did_change_workspace_folders(t.DidChangeWorkspaceFoldersParams(event=event))


TESTS = {
    "call_hierarchy_provider": call_hierarchy,
    "code_action_provider": code_action,
    "code_lens_provider": code_lens,
    "completion_provider": completion,
    "declaration_provider": declaration,
    "definition_provider": definition,
    "diagnostic_provider": diagnostic,
    "document_formatting_provider": formatting,
    "document_highlight_provider": document_highlight,
    "document_link_provider": document_link,
    "document_on_type_formatting_provider": on_type_formatting,
    "document_range_formatting_provider": range_formatting,
    "document_symbol_provider": document_symbol,
    "execute_command_provider": execute_command,
    "folding_range_provider": folding_range,
    "hover_provider": hover,
    "inlay_hint_provider": inlay_hint,
    "references_provider": references,
    "rename_provider": rename,
    "selection_range_provider": selection_range,
    "semantic_tokens_provider": semantic_tokens,
    "text_document_sync": sync,
    "workspace": workspace,
    "workspace_symbol_provider": workspace_symbol,
}

# What is no question: `sync` and every position depend on it.
NO_QUESTION = {"position_encoding"}


async def test_every_capability_announced_has_a_test(client: LanguageClient):
    announced = {name for name, value in vars_of(client.announced) if value is not None}
    assert announced - NO_QUESTION <= TESTS.keys()


def vars_of(capabilities):
    return [(name, getattr(capabilities, name)) for name in capabilities.__slots__ if not name.startswith("__")]


@pytest.mark.parametrize("capability", TESTS)
async def test_capability(client: LanguageClient, capability):
    open_unit(client)
    if getattr(client.announced, capability) is None:
        assert capability == "diagnostic_provider" and not client.pulls
        return await pushed(client, True)
    await TESTS[capability](client)
