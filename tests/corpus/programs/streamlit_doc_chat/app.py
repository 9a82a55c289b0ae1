import io

import streamlit as st
from openai import OpenAI
from pypdf import PdfReader

st.set_page_config(page_title="Talk to a PDF", layout="wide")


@st.cache_resource
def make_client():
    return OpenAI(api_key=st.secrets["OPENAI_API_KEY"])


if "client" not in st.session_state:
    st.session_state.client = make_client()
if "messages" not in st.session_state:
    st.session_state.messages = []
if "doc" not in st.session_state:
    st.session_state.doc = ""


@st.cache_data
def pdf_text(raw: bytes) -> str:
    reader = PdfReader(io.BytesIO(raw))
    return "\n".join(page.extract_text() or "" for page in reader.pages)


@st.cache_data(show_spinner="Reading…")
def outline(text: str) -> str:
    reply = make_client().chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "Give me an outline of this document:\n" + text[:20000]}],
    )
    return reply.choices[0].message.content


with st.sidebar:
    upload = st.file_uploader("PDF", type="pdf")
    if upload is not None:
        st.session_state.doc = pdf_text(upload.getvalue())
        st.markdown(outline(st.session_state.doc))

for message in st.session_state.messages:
    with st.chat_message(message["role"]):
        st.markdown(message["content"])

if prompt := st.chat_input("Ask about the document"):
    st.session_state.messages.append({"role": "user", "content": prompt})
    with st.chat_message("user"):
        st.markdown(prompt)
    with st.chat_message("assistant"):
        stream = st.session_state.client.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "system", "content": st.session_state.doc[:50000]}] + st.session_state.messages,
            stream=True,
        )
        answer = st.write_stream(stream)
    st.session_state.messages.append({"role": "assistant", "content": answer})
